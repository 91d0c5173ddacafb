import { shownPath } from "../driver/project.ts";
import { scenePath } from "../driver/renders.ts";
import type { SceneResult } from "../execute/events.ts";
import type { FilmRun } from "../driver/rendering.ts";
import type { Ran } from "../index.ts";
import { positionAt } from "../base/source.ts";
import type { Plan } from "../driver/plan.ts";
import { advice, nextCommand, refusalOf } from "./advice.ts";
import { resultText } from "./event-text.ts";
import { secondsText } from "./quantities.ts";
import type { Terminal } from "./terminal.ts";

const isReady = ({ kind }: SceneResult): boolean => kind === "done" || kind === "reused";

/** How a run ended: what was made, what was not and what to type next, and where the film is. */
export function runText(ran: Ran, terminal: Pick<Terminal, "style">): string {
  const lines = ran.films.map((film) => filmText(film, ran.films.length > 1, terminal));
  if (ran.stopped !== undefined) lines.push(`The run was stopped: ${ran.stopped}.`);
  return lines.join("\n");
}

function filmText(
  { plan, scenes, film }: FilmRun,
  isNamed: boolean,
  terminal: Pick<Terminal, "style">,
): string {
  const results = [...scenes];
  const count = (kind: SceneResult["kind"]): number =>
    results.filter(([, result]) => result.kind === kind).length;
  const title = isNamed ? `${plan.storyboard.variant}: ` : "";
  const lines = [
    `${title}${count("done")} rendered, ${count("reused")} reused${count("unfinished") > 0 ? `, ${count("unfinished")} still running remotely` : ""}.`,
  ];
  for (const [scene, result] of results) {
    if (isReady(result)) continue;
    lines.push(`  ${terminal.style("red", "!")} ${scene}: ${resultText(result)}`);
    for (const line of advice(plan, scene, result)) lines.push(`      ${line}`);
  }
  const cwd = process.cwd();
  if (film.kind === "not-made") lines.push(`No film: ${film.reason}.`);
  else if (film.kind === "current") lines.push(`Film: ${shownPath(film.path, cwd)} (current)`);
  else
    lines.push(`Film: ${terminal.style("bold", shownPath(film.path, cwd))} (${secondsText(film.seconds)})`);
  return lines.join("\n");
}

/** The run of the `--json` contract. `films` is there when a storyboard makes several; `scenes` are the first one's. */
export function runJson({ films, interrupted, stopped }: Ran): Record<string, unknown> {
  const records = films.map(filmJson);
  return {
    ...records[0],
    ...(records.length > 1 && { films: records }),
    interrupted,
    ...(stopped !== undefined && { stopped }),
  };
}

/** Where in the storyboard the service finds fault, and what to type next. */
function adviceJson(plan: Plan, scene: string, result: SceneResult): object {
  const { span, written } = refusalOf(plan, scene, result)?.place ?? {};
  const at = span && { file: span.source.name, ...positionAt(span.source, span.start), written };
  return { ...(at && { at }), next: nextCommand(plan, scene, result) };
}

function filmJson({ plan, scenes: results, film }: FilmRun): Record<string, unknown> {
  const scenes = [...results].map(([scene, result]) => {
    const locked = {
      state: result.kind,
      take: "take" in result ? result.take : null,
      clip: isReady(result) ? scenePath(plan, plan.kind, scene) : null,
    };
    if (isReady(result)) return [scene, locked];
    const why =
      "error" in result ? { error: result.error } : "message" in result && { message: result.message };
    const task = "task" in result && { task: result.task };
    return [scene, { ...locked, ...why, ...task, ...adviceJson(plan, scene, result) }];
  });
  return {
    scenes: Object.fromEntries(scenes),
    film:
      film.kind === "not-made"
        ? { state: film.kind, reason: film.reason }
        : { state: film.kind, path: film.path, ...("seconds" in film && { seconds: film.seconds }) },
    variant: plan.storyboard.variant,
  };
}
