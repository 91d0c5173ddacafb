import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { nearNames } from "../base/near.ts";
import type { Span } from "../base/source.ts";
import type { MapEntry } from "../syntax/tree.ts";
import { spanInside } from "./spans.ts";
import type { Located, Setting } from "./types.ts";

const PLACE = /\$\{([^}]*)\}/g;

/** The texts that `${name}` stands for, and which of them were used. */
export class Variables {
  readonly diagnostics: Diagnostic[] = [];
  readonly #entries = new Map<string, MapEntry>();
  readonly #values: ReadonlyMap<string, Located<string>>;
  readonly #used = new Set<string>();

  /** `values` stand in place of those declared: a variant of a matrix has its own. */
  constructor(entries: readonly MapEntry[], values: ReadonlyMap<string, Located<string>> = new Map()) {
    this.#values = values;
    for (const entry of entries) this.#declare(entry);
  }

  /** Puts values in; a name that is not declared stays as it is and is told. */
  fill(text: string, span: Span): string {
    if (!text.includes("${")) return text;
    return text.replace(PLACE, (place, inner: string) => {
      const name = inner.trim();
      const value = this.#find(name);
      if (!value) this.#unknown(place, name, span);
      else this.#used.add(name);
      return value?.value ?? place;
    });
  }

  /** What each name stands for, and who said so. */
  settings(): Map<string, Setting<string>> {
    const settings = new Map<string, Setting<string>>();
    for (const name of this.#entries.keys()) {
      const found = this.#find(name);
      if (found) settings.set(name, found);
    }
    return settings;
  }

  #find(name: string): Setting<string> | undefined {
    const chosen = this.#values.get(name);
    if (chosen) return { ...chosen, origin: "matrix" };
    const declared = this.#entries.get(name)?.value;
    if (declared?.kind !== "scalar") return undefined;
    return { value: String(declared.value), origin: "variables", span: declared.span };
  }

  /** To be asked when every text has been filled. */
  unused(): Diagnostic[] {
    return [...this.#entries.values()]
      .filter(({ key }) => !this.#used.has(key))
      .map(({ key, keySpan }) =>
        diagnose("variables/unused", keySpan, `no text uses the variable \`${key}\``, {
          help: `write \`\${${key}}\` where it belongs, or remove it`,
        }),
      );
  }

  #declare(entry: MapEntry): void {
    const first = this.#entries.get(entry.key);
    if (!first) {
      this.#entries.set(entry.key, entry);
      return;
    }
    this.diagnostics.push(
      diagnose("variables/duplicate", entry.keySpan, `the variable \`${entry.key}\` is declared twice`, {
        labels: [{ span: first.keySpan, message: "first declared here" }],
        help: "keep one of the two",
      }),
    );
  }

  #unknown(place: string, name: string, span: Span): void {
    const [near] = nearNames(name, this.#entries.keys());
    const similar = near !== undefined ? this.#entries.get(near) : undefined;
    this.diagnostics.push(
      diagnose("variables/unknown", spanInside(span, place, 0), `no variable is named \`${name}\``, {
        labels: similar
          ? [{ span: similar.keySpan, message: "a variable with a similar name is declared here" }]
          : [],
        help: near ? `write \`\${${near}}\`` : `declare \`${name}\` under \`variables\``,
      }),
    );
  }
}
