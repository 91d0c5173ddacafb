import { shownPath } from "../driver/project.ts";
import { scenePath } from "../driver/renders.ts";
import type { SceneResult } from "../execute/events.ts";
import type { FilmRun } from "../driver/rendering.ts";
import type { Ran } from "../index.ts";
import { placeOf } from "../base/diagnostic.ts";
import { positionAt } from "../base/source.ts";
import type { Plan } from "../driver/plan.ts";
import type { ServiceError } from "../seedance/outcome.ts";
import { hintFor } from "../seedance/errors.ts";
import { refusedPlace, type RefusedPlace } from "../seedance/refused-place.ts";
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

/** Where it stands in the storyboard, what often helps, and what to type next. */
function advice(plan: Plan, scene: string, result: SceneResult): string[] {
  if (result.kind !== "refused" && result.kind !== "failed") return [nextCommand(scene, result)];
  const place = placeOfRefusal(plan, scene, result);
  const at = place?.span ? [`${placeOf(place.span)}: ${place.written}`] : [];
  return [...at, ...[hintFor(result.error.code)].flatMap((hint) => hint ?? []), nextCommand(scene, result)];
}

function placeOfRefusal(
  { lowered }: Plan,
  scene: string,
  { kind, error }: Extract<SceneResult, { error: ServiceError }>,
): RefusedPlace | undefined {
  const request = lowered.get(scene);
  return request && kind === "refused" ? refusedPlace(request, error) : undefined;
}

function nextCommand(scene: string, result: SceneResult): string {
  switch (result.kind) {
    case "refused":
      return `change the scene, then \`storyc render\`; as it stands it is sent again only by \`storyc render --retake ${scene}\``;
    case "failed":
      return "failed tasks are not billed: `storyc render` tries again";
    case "unfinished":
      return "`storyc render` collects it";
    case "unknown":
      return `look at the provider's list of tasks: \`storyc adopt ${scene} TASK-ID\` if it is there, \`storyc render --resubmit ${scene}\` if it is not`;
    case "blocked":
      return `see \`storyc show ${scene}\`; it goes on when what it needs is made`;
    case "left":
      return "not asked for; `storyc render` makes it";
    case "gone":
      return `copy .storyc/objects/${result.sha256.slice(0, 2)}/${result.sha256}.mp4 from where it was made, or pay for another one: \`storyc render --retake ${scene}\``;
    case "stopped":
      return "`storyc render` goes on from here";
    case "done":
    case "reused":
      return "";
  }
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

function placeJson(plan: Plan, scene: string, result: SceneResult): object {
  const place = result.kind === "refused" ? placeOfRefusal(plan, scene, result) : undefined;
  if (!place?.span) return {};
  const { source, start } = place.span;
  return { at: { file: source.name, ...positionAt(source, start), written: place.written } };
}

function filmJson({ plan, scenes: results, film }: FilmRun): Record<string, unknown> {
  const scenes = [...results].map(([scene, result]) => {
    const locked = {
      state: result.kind,
      take: "take" in result ? result.take : null,
      clip: isReady(result) ? scenePath(plan, plan.kind, scene) : null,
    };
    if ("error" in result)
      return [scene, { ...locked, error: result.error, ...placeJson(plan, scene, result) }];
    if ("message" in result) return [scene, { ...locked, message: result.message }];
    return [scene, locked];
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
