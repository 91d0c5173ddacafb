import { selectedTake, takesOf, type Take } from "../../plan/lock.ts";
import type { Plan } from "../../driver/plan.ts";
import { scenePath } from "../../driver/renders.ts";
import { status as readStatus } from "../../driver/status.ts";
import { reasonText } from "../../plan/reasons.ts";
import type { ScenePlan } from "../../plan/scene-plan.ts";
import { padDisplay, displayWidth } from "../display-width.ts";
import { loadEnvironment } from "../environment.ts";
import { EXIT, UsageError } from "../exit.ts";
import { closeJson, printDiagnostics } from "../report.ts";
import type { Terminal } from "../terminal.ts";
import type { CommandRun } from "../command.ts";
import { cost } from "./cost.ts";

export const status: CommandRun = async (call, terminal, version) => {
  const { args, flags } = call;
  if (flags.cost) return cost(call, terminal, version);
  const { provider, profile, film, allowOutside } = flags;
  const found = await readStatus({
    file: args[0],
    provider,
    profile,
    film,
    allowOutside,
    environment: loadEnvironment(args[0]),
  });
  printDiagnostics(terminal, found.diagnostics);
  if (found.wrongCall !== undefined) throw new UsageError(found.wrongCall);
  if (found.films.length === 0) {
    closeJson(terminal, "status", EXIT.invalid, { scenes: {} }, found.diagnostics);
    return EXIT.invalid;
  }
  terminal.out(statusesText(found.films, found.unfolded, terminal));
  closeJson(terminal, "status", EXIT.done, statusJson(found.films, found.unfolded), found.diagnostics);
  return EXIT.done;
};

/** In words that name what to do; the plan's `render` reads differently for one who asks how things stand. */
function standing({ action, reasons }: ScenePlan, selected: Take | undefined): string {
  if (action === "reuse") return "current";
  if (action === "render") return selected ? "stale" : "not made";
  if (action === "collect") return "under way";
  if (action === "fetch") return "bytes missing";
  if (action === "kept") return "kept";
  return reasons.some(({ kind }) => kind === "outcome-unknown") ? "unknown" : "blocked";
}

function statusesText(films: readonly Plan[], unfolded: boolean, terminal: Pick<Terminal, "style">): string {
  const texts = films.map((plan) => {
    const title = films.length > 1 ? `${plan.storyboard.variant}\n` : "";
    return title + statusText(plan, terminal);
  });
  const note =
    "A run has ended without writing its lockfile, or is still going on; the next `storyc render` takes it up.";
  return [...texts, ...(unfolded ? [note] : [])].join("\n");
}

function statusText(plan: Plan, terminal: Pick<Terminal, "style">): string {
  const width = Math.max(4, ...plan.scenes.map(({ scene }) => displayWidth(scene.id)));
  const lines = plan.scenes.map((planned) => {
    const { scene, reasons } = planned;
    const selected = selectedTake(plan.lock, scene.id, plan.storyboard.variant);
    const stands = standing(planned, selected);
    const colour =
      stands === "current" ? "green" : stands === "unknown" || stands === "blocked" ? "red" : "yellow";
    const why =
      stands === "current" ? takeText(plan, scene.id, selected) : reasons.map(reasonText).join("; ");
    const differences =
      selected?.differences?.map((difference) => `\n${" ".repeat(width + 4)}${difference}`).join("") ?? "";
    const todo = unknownText(plan, scene.id, " ".repeat(width + 4));
    return `  ${padDisplay(scene.id, width)}  ${terminal.style(colour, stands.padEnd(13))} ${why}${differences}${todo}`;
  });
  const film =
    plan.film.action === "reuse" ? "The film is current." : `The film is not current: ${plan.film.reason}.`;
  return [...lines, film].join("\n");
}

/** What is known of requests whose answers were lost, be they of an older recipe, and the two ways on. */
function unknownText({ lock }: Plan, scene: string, margin: string): string {
  const lost = takesOf(lock, scene).filter(({ state }) => state === "unknown");
  if (lost.length === 0) return "";
  const lines = lost.flatMap(({ take, at, body = "", provider, error }) => [
    `take ${take} was sent to ${provider} at ${at}; body ${body.slice(0, 12)}; ${error?.message ?? ""}`,
  ]);
  lines.push(
    `in the provider's list of tasks: storyc adopt ${scene} TASK-ID`,
    `not there: storyc render --resubmit ${scene}`,
  );
  return lines.map((line) => `\n${margin}${line}`).join("");
}

function takeText({ lock }: Plan, scene: string, selected: Take | undefined): string {
  const count = takesOf(lock, scene).length;
  const task = selected?.task ? `, task ${selected.task}` : "";
  return `take ${selected?.take ?? "?"} of ${count}${task}`;
}

function statusJson(films: readonly Plan[], unfolded: boolean): Record<string, unknown> {
  const records = films.map(filmStatusJson);
  return { ...records[0], ...(records.length > 1 && { films: records }), unfolded };
}

function filmStatusJson(plan: Plan): Record<string, unknown> {
  const scenes = plan.scenes.map((planned) => {
    const { scene, reasons } = planned;
    const selected = selectedTake(plan.lock, scene.id, plan.storyboard.variant);
    const state = standing(planned, selected).replaceAll(" ", "-");
    return [
      scene.id,
      {
        state,
        take: selected?.take ?? null,
        takes: takesOf(plan.lock, scene.id).map(({ take, state: takeState, task, error }) => ({
          take,
          state: takeState,
          task: task ?? null,
          ...(error && { error }),
        })),
        clip: selected?.clip ? scenePath(plan, plan.kind, scene.id) : null,
        reasons: reasons.map((reason) => ({ ...reason, text: reasonText(reason) })),
        differences: selected?.differences ?? [],
      },
    ];
  });
  return { scenes: Object.fromEntries(scenes), film: plan.film, variant: plan.storyboard.variant };
}
