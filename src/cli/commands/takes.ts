import { existsSync } from "node:fs";
import { shownPath } from "../../driver/project.ts";
import { thisMachine } from "../../driver/machine.ts";
import { plan as planStoryboard, type Plan } from "../../driver/plan.ts";
import { selectedTake, takesOf, type Take } from "../../plan/lock.ts";
import { MAIN_NAME } from "../../storyboard/names.ts";
import { ObjectStore } from "../../store/objects.ts";
import { padDisplay, displayWidth } from "../display-width.ts";
import { loadEnvironment } from "../environment.ts";
import { EXIT, UsageError } from "../exit.ts";
import { closeJson, printDiagnostics } from "../report.ts";
import type { Terminal } from "../terminal.ts";
import type { CommandRun } from "../command.ts";

/** Every attempt of the service at a scene, or at all. */
export const takes: CommandRun = async ({ args, flags }, terminal) => {
  const [scene, file] = namedArguments(args);
  const { provider, profile, film, allowOutside } = flags;
  const environment = loadEnvironment(file);
  const planned = await planStoryboard({ file, provider, profile, film, allowOutside, environment });
  printDiagnostics(terminal, planned.diagnostics);
  if (planned.wrongCall !== undefined) throw new UsageError(planned.wrongCall);
  const { films } = planned;
  const [plan] = films;
  if (!plan) {
    closeJson(terminal, "takes", EXIT.invalid, { takes: [] }, planned.diagnostics);
    return EXIT.invalid;
  }
  const scenes = plan.scenes.filter(({ scene: { id } }) => scene === undefined || id === scene);
  if (scenes.length === 0) throw new UsageError(`there is no scene \`${scene}\`; \`storyc takes\` lists all`);
  const rows = scenes.flatMap(({ scene: { id } }) =>
    takesOf(plan.lock, id).map((take) => rowOf(films, plan, id, take)),
  );
  terminal.out(rows.length === 0 ? "No take has been made yet." : tableText(rows, terminal));
  closeJson(terminal, "takes", EXIT.done, { takes: rows }, planned.diagnostics);
  return EXIT.done;
};

/** A single argument may be the storyboard. */
function namedArguments([first, second]: readonly (string | undefined)[]): [
  scene: string | undefined,
  file: string | undefined,
] {
  if (second !== undefined || first === undefined) return [first, second];
  return /\.ya?ml$/i.test(first) || (first.includes("/") && existsSync(first))
    ? [undefined, first]
    : [first, undefined];
}

/** Part of the `--json` contract. Seconds, pixels, bytes. */
interface Row {
  readonly scene: string;
  readonly take: number;
  readonly state: Take["state"];
  /** By one of the films at least. */
  readonly selected: boolean;
  /** Those of the films that are shown which have selected it. */
  readonly films: readonly string[];
  /**
   * Made from the recipe that the scene has today, in one of the films; null where that is not known before something
   * else is made.
   */
  readonly current: boolean | null;
  readonly task: string | null;
  readonly provider: string;
  readonly at: string;
  readonly seconds: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly tokens: number | null;
  /** Where the clip's bytes are; null where they are not here. */
  readonly clip: string | null;
  readonly error: Take["error"] | null;
  readonly differences: readonly string[];
}

function rowOf(films: readonly Plan[], { lock, project }: Plan, scene: string, take: Take): Row {
  const store = new ObjectStore(thisMachine.files, project.hidden);
  const { clip } = take;
  const variants = films.map(({ storyboard }) => storyboard.variant);
  const selecting = variants.filter((variant) => selectedTake(lock, scene, variant)?.take === take.take);
  return {
    scene,
    take: take.take,
    state: take.state,
    selected: selecting.length > 0,
    films: selecting,
    current: isCurrent(films, scene, take),
    task: take.task ?? null,
    provider: take.provider,
    at: take.at,
    seconds: clip?.seconds ?? null,
    width: clip?.width ?? null,
    height: clip?.height ?? null,
    tokens: take.tokens ?? null,
    clip: clip && store.has(clip.sha256) ? store.pathOf(clip.sha256) : null,
    error: take.error ?? null,
    differences: take.differences ?? [],
  };
}

function isCurrent(films: readonly Plan[], scene: string, take: Take): boolean | null {
  const wanted = films.map(({ scenes }) => scenes.find((one) => one.scene.id === scene)?.fingerprint);
  if (wanted.includes(take.fingerprint)) return true;
  return wanted.includes(undefined) ? null : false;
}

function tableText(rows: readonly Row[], terminal: Pick<Terminal, "style">): string {
  const width = Math.max(...rows.map(({ scene }) => displayWidth(scene)));
  return rows.map((row) => rowText(row, width, terminal)).join("\n");
}

function rowText(row: Row, width: number, terminal: Pick<Terminal, "style">): string {
  const mark = row.selected ? terminal.style("green", "▶") : " ";
  const standing = row.current === null ? "" : row.current ? "current" : "stale";
  const size = row.width === null ? "" : `${row.width}×${row.height} ${row.seconds?.toFixed(2)} s`;
  const facts = [
    size,
    row.tokens === null ? "" : `${row.tokens} tokens`,
    row.task ?? "",
    row.at.slice(0, 16),
  ];
  const by = row.films.filter((name) => name !== MAIN_NAME);
  if (by.length > 0) facts.unshift(`in ${by.join(", ")}`);
  const where = row.clip === null ? (row.seconds === null ? "" : "bytes not here") : shown(row.clip);
  const why = row.error ? [row.error.code, row.error.message].filter(Boolean).join(": ") : "";
  const lines = [...row.differences, why].filter(Boolean).map((line) => `\n${" ".repeat(width + 8)}${line}`);
  const text = [...facts, where].filter(Boolean).join("  ");
  return `${mark} ${padDisplay(row.scene, width)} ${String(row.take).padStart(3)}  ${row.state.padEnd(9)} ${standing.padEnd(7)} ${text}${lines.join("")}`;
}

function shown(path: string): string {
  return shownPath(path, process.cwd());
}
