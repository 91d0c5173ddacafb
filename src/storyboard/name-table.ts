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

  readonly #former = new Map<string, WrittenScene>();

  constructor(assets: readonly WrittenAsset[], scenes: readonly WrittenScene[]) {
    for (const { name, span } of assets) this.#declare({ kind: "asset", name, span });
    for (const { id, span } of scenes) this.#declare({ kind: "scene", name: id, span });
    for (const scene of scenes) if (scene.was) this.#declareFormer(scene, scene.was);
  }

  find(name: string): DeclaredName | undefined {
    return this.#byName.get(name);
  }

  /** `nothing is named …`, with the near name's own place. */
  unknown(name: string, span: Span, note: string): Diagnostic {
    const renamed = this.#former.get(name);
    if (renamed?.was) {
      const labels = [{ span: renamed.was.span, message: `this was the name of \`${renamed.id}\`` }];
      const help = `write \`${renamed.id}\``;
      return diagnose("resolve/unknown-name", span, `nothing is named \`${name}\` any more`, {
        note,
        labels,
        help,
      });
    }
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

  /** A name that somebody has cannot be a former one: whose takes are under it would not be known. */
  #declareFormer(scene: WrittenScene, was: NonNullable<WrittenScene["was"]>): void {
    const { value, span } = was;
    const now = this.#byName.get(value);
    const other = this.#former.get(value)?.was;
    if (now?.kind === "scene") {
      const labels = [{ span: now.span, message: "this scene has the name" }];
      const help = "give the name of before, or take `was` out";
      const message = `\`${value}\` is the name of a scene now`;
      this.diagnostics.push(diagnose("resolve/former-name", span, message, { labels, help }));
    } else if (other) {
      const labels = [{ span: other.span, message: "the first one is here" }];
      const help = "take `was` out of one of them: its takes are made anew";
      const message = `two scenes were named \`${value}\``;
      this.diagnostics.push(diagnose("resolve/former-name", span, message, { labels, help }));
    } else this.#former.set(value, scene);
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
    const folded = foldName(name);
    const first = this.#byFold.get(folded);
    if (first) this.diagnostics.push(duplicate(declared, first));
    else this.#byFold.set(folded, declared);
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
