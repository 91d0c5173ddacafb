import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { nearNames } from "../base/near.ts";
import type { Span } from "../base/source.ts";
import { foldName, nameProblem } from "./names.ts";
import type { WrittenAsset, WrittenScene } from "./written.ts";

export interface DeclaredName {
  readonly kind: "asset" | "scene";
  readonly name: string;
  readonly span: Span;
}

/** Assets and scenes share one namespace, declared in any order. */
export class NameTable {
  readonly diagnostics: Diagnostic[] = [];
  readonly #byFold = new Map<string, DeclaredName>();
  readonly #byName = new Map<string, DeclaredName>();

  constructor(assets: readonly WrittenAsset[], scenes: readonly WrittenScene[]) {
    for (const { name, span } of assets) this.#declare({ kind: "asset", name, span });
    for (const { id, span } of scenes) this.#declare({ kind: "scene", name: id, span });
  }

  find(name: string): DeclaredName | undefined {
    return this.#byName.get(name);
  }

  /** `nothing is named …`, with the near name's own place. */
  unknown(name: string, span: Span, note: string): Diagnostic {
    const [near] = nearNames(name, this.#byName.keys());
    const similar = near !== undefined ? this.find(near) : undefined;
    return diagnose("resolve/unknown-name", span, `nothing is named \`${name}\``, {
      note,
      labels: similar
        ? [{ span: similar.span, message: `${article(similar.kind)} with a similar name is declared here` }]
        : [],
      help: similar
        ? `write \`${similar.name}\`, or declare \`${name}\` under \`assets\``
        : `declare \`${name}\` under \`assets\`, or as a scene`,
    });
  }

  #declare(declared: DeclaredName): void {
    const { name, span } = declared;
    // A scene without an id has been told of already.
    if (name === "") return;
    const problem = nameProblem(name);
    if (problem) {
      this.diagnostics.push(
        diagnose("resolve/bad-name", span, `\`${name}\` cannot be a name`, { help: problem }),
      );
    }
    const first = this.#byFold.get(foldName(name));
    if (first) this.diagnostics.push(duplicate(declared, first));
    else this.#byFold.set(foldName(name), declared);
    // The first declaration keeps the name, so that what refers to it is not told a second time.
    if (!this.#byName.has(name)) this.#byName.set(name, declared);
  }
}

function duplicate(second: DeclaredName, first: DeclaredName): Diagnostic {
  const message =
    second.name === first.name
      ? `two things are named \`${second.name}\``
      : `\`${second.name}\` and \`${first.name}\` differ in upper and lower case only, which some disks cannot tell apart`;
  return diagnose("resolve/duplicate-name", second.span, message, {
    note: `${article(second.kind)} takes the name again`,
    labels: [{ span: first.span, message: `${article(first.kind)} has it first` }],
    help: "give one of them another name",
  });
}

function article(kind: DeclaredName["kind"]): string {
  return kind === "asset" ? "an asset" : "a scene";
}
