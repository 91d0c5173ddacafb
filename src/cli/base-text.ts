import type { Base } from "../driver/base.ts";
import type { Plan } from "../driver/plan.ts";
import { totalOf } from "../driver/spend-gate.ts";
import type { SceneDifference } from "../plan/difference.ts";
import { reasonText } from "../plan/reasons.ts";
import { MAIN_NAME } from "../storyboard/names.ts";
import { displayWidth, padDisplay } from "./display-width.ts";
import { moneyText, shownAmount } from "./quantities.ts";

/** What is different from the base, for a person at a terminal. */
export function baseText(films: readonly Plan[], base: Base): string {
  if (base.kind === "none") return `Not compared with a base: ${base.reason}.`;
  const at = `${base.name} (${base.commit.slice(0, 9)})`;
  if (base.kind === "new") return `The storyboard is not in ${at}: everything is new.`;
  const lines = films.flatMap((film) => filmLines(film, base.differences.get(film.storyboard.variant) ?? []));
  const gone = base.gone.map((variant) => `  the film ${variant} is not made any more`);
  const [first] = films;
  const run = first?.kind === "paid" ? "a run" : "a run on the paid service";
  const head = `Compared with ${at}, where ${run} would cost ${moneyText(totalOf(base.films))}:`;
  const all = [...lines, ...gone];
  return [head, ...(all.length > 0 ? all : ["  no scene is different"])].join("\n");
}

function filmLines({ storyboard }: Plan, differences: readonly SceneDifference[]): string[] {
  const film = storyboard.variant === MAIN_NAME ? "" : ` of ${storyboard.variant}`;
  const rows = differences.map((one) => ({ ...one, name: `${one.scene}${film}` }));
  const width = Math.max(0, ...rows.map(({ name }) => displayWidth(name)));
  return rows.map((one) => {
    const cells = [changeText(one), changeOfPrice(one)].filter((cell) => cell !== "");
    return `  ${one.change.padEnd(8)} ${padDisplay(one.name, width)}  ${cells.join("  ")}`;
  });
}

/** In words, with names between backticks; empty where the kind of change says all. */
export function changeText({ was, reasons }: SceneDifference): string {
  const renamed = was === undefined ? [] : [`was \`${was}\``];
  return [...renamed, ...reasons.map(reasonText)].join("; ");
}

/** `0.14 → 0.21 USD`; one price where it is the same. */
export function changeOfPrice({ before, now }: Pick<SceneDifference, "before" | "now">): string {
  const [from, to] = [before && moneyText(before), now && moneyText(now)];
  if (!before || !now || from === to) return to ?? from ?? "";
  const isPlain = before.kind === "exact" && before.currency === now.currency;
  return `${isPlain ? shownAmount(before).toFixed(2) : from} → ${to}`;
}

/** The same as part of the `--json` contract. */
export function baseJson(films: readonly Plan[], base: Base): object {
  if (base.kind === "none") return { compared: false, reason: base.reason };
  const { name, commit } = base;
  if (base.kind === "new") return { compared: true, isNew: true, name, commit };
  const { amount, currency } = totalOf(base.films);
  const differences = films.flatMap(({ storyboard: { variant } }) =>
    (base.differences.get(variant) ?? []).map(({ reasons, ...difference }) => ({
      film: variant,
      ...difference,
      reasons: reasons.map((reason) => ({ ...reason, text: reasonText(reason) })),
    })),
  );
  return {
    ...{ compared: true, isNew: false, name, commit },
    paid: { amount, currency },
    differences,
    goneFilms: base.gone,
  };
}
