import { nothingToDo, type Plan } from "../driver/plan.ts";
import { totalOf } from "../driver/spend-gate.ts";
import type { Action, ScenePlan } from "../plan/scene-plan.ts";
import { reasonText } from "../plan/reasons.ts";
import { MAIN_NAME } from "../storyboard/names.ts";
import { upstreamOf } from "../storyboard/types.ts";
import { displayWidth, padDisplay } from "./display-width.ts";
import { amountText, durationText, moneyText, pricesText, tokensText } from "./quantities.ts";
import { retriesText } from "./retries-text.ts";
import type { Terminal } from "./terminal.ts";

const SIGNS: Record<Action, string> = {
  reuse: "=",
  render: "+",
  collect: "…",
  fetch: "↓",
  kept: "≈",
  left: "-",
  blocked: "!",
};
const COLOURS: Record<Action, "dim" | "green" | "cyan" | "yellow" | "red"> = {
  reuse: "dim",
  render: "green",
  collect: "cyan",
  fetch: "cyan",
  kept: "yellow",
  left: "yellow",
  blocked: "red",
};

/** The plans of all films of a storyboard. `now`: milliseconds since 1970. */
export function plansText(
  plans: readonly Plan[],
  terminal: Pick<Terminal, "style">,
  now = Date.now(),
): string {
  const texts = plans.map((plan) => planText(plan, terminal, now));
  if (plans.length > 1) texts.push(allFilmsLine(plans));
  return texts.join("\n\n");
}

function allFilmsLine(plans: readonly Plan[]): string {
  const total = totalOf(plans);
  const sent = plans.flatMap(({ scenes }) => scenes).reduce((sum, { renders }) => sum + renders, 0);
  return `All ${plans.length} films: ${sent} clips to render, ${moneyText(total)}.`;
}

/** The plan as a person reads it: an action and its reasons for each scene, then the sums. */
function planText(plan: Plan, terminal: Pick<Terminal, "style">, now: number): string {
  const { title: written, name, variant } = plan.storyboard;
  const title = `${written ?? name}${variant === MAIN_NAME ? "" : ` [${variant}]`}`;
  const mode =
    plan.kind === "rehearsal"
      ? "rehearsal on the emulator, free (prices: the paid service)"
      : `on ${plan.provider.value}`;
  const idWidth = Math.max(4, ...plan.scenes.map(({ scene }) => displayWidth(scene.id)));
  const lines = [`${terminal.style("bold", title)}: ${mode}`, ""];
  for (const scene of plan.scenes) lines.push(sceneLine(plan, scene, idWidth, terminal));
  lines.push(filmLine(plan, idWidth, terminal), "", ...summary(plan, now));
  return lines.join("\n");
}

function sceneLine(
  plan: Plan,
  { scene, action, reasons, renders }: ScenePlan,
  idWidth: number,
  terminal: Pick<Terminal, "style">,
): string {
  const price = plan.estimate.prices.get(scene.id);
  const takes = renders > 1 ? ` ${renders} takes` : "";
  const cost = price ? moneyText(price) : "";
  const sign = terminal.style(COLOURS[action], `${SIGNS[action]} ${action.padEnd(8)}`);
  const why = reasons.map(reasonText).join("; ");
  return `  ${sign} ${padDisplay(scene.id, idWidth)}  ${scene.mode.kind.padEnd(10)} ${String(scene.settings.duration.value).padStart(2)} s${takes}  ${cost.padStart(8)}  ${why}`;
}

function filmLine({ film }: Plan, idWidth: number, terminal: Pick<Terminal, "style">): string {
  const [sign, colour] =
    film.action === "reuse"
      ? (["=", "dim"] as const)
      : film.action === "blocked"
        ? (["!", "red"] as const)
        : (["+", "green"] as const);
  return `  ${terminal.style(colour, `${sign} ${film.action.padEnd(8)}`)} ${padDisplay("film", idWidth)}  ${film.reason}`;
}

const COUNTED: Record<Action, string> = {
  render: "to render",
  collect: "to collect",
  fetch: "to fetch",
  reuse: "to reuse",
  kept: "kept although stale",
  left: "left as they are",
  blocked: "blocked",
};

function summary(plan: Plan, now: number): string[] {
  if (nothingToDo(plan)) return ["Nothing to do: every clip and the film are current."];
  const { estimate, scenes } = plan;
  const count = (action: Action): number => scenes.filter((scene) => scene.action === action).length;
  const counts = (Object.keys(COUNTED) as Action[]).filter((action) => count(action) > 0);
  const lines = [`${counts.map((action) => `${count(action)} ${COUNTED[action]}`).join(", ")}.`];
  const sent = scenes.reduce((sum, scene) => sum + scene.renders, 0);
  if (sent > 0) lines.push(...priceLines(plan, sent, now));
  const retries = retriesText([plan]);
  if (retries !== undefined) lines.push(`Retries: ${retries}.`);
  lines.push(...rippleLines(plan));
  if (estimate.rounds > 0) {
    const path = estimate.criticalPath.join(" → ");
    lines.push(
      `Rounds: ${estimate.rounds} (${path}); about ${durationText(estimate.seconds)} with ${plan.concurrency} in flight.`,
    );
  }
  return lines;
}

function priceLines({ estimate, kind, prices, provider }: Plan, sent: number, now: number): string[] {
  const { total, unpriced } = estimate;
  const clips = `${sent} clip${sent === 1 ? "" : "s"}`;
  const sum = `${moneyText(total)} for ${clips} (${tokensText(total.tokens)})`;
  const lines = [
    kind === "paid" ? `Price: ${sum}.` : `Price: nothing. On the paid service it would be ${sum}.`,
    `Prices: ${pricesText(prices, provider.value, now)}.`,
  ];
  if (unpriced.length > 0)
    lines.push(`Not in it: ${unpriced.join(", ")}, since no price of the model is known.`);
  return lines;
}

/** What a change draws after it: its followers, and what all of them cost. */
export function rippleLines({ scenes, estimate }: Plan): string[] {
  const rendered = new Set(scenes.filter(({ action }) => action === "render").map(({ scene }) => scene.id));
  const changed = scenes.filter(({ action, reasons }) => action === "render" && reasons.some(isOwnChange));
  return changed.flatMap(({ scene }) => {
    const followers = followersOf(scene.id, scenes).filter((id) => rendered.has(id));
    if (followers.length === 0) return [];
    const all = [scene.id, ...followers];
    const amount = all.reduce((sum, id) => sum + (estimate.prices.get(id)?.amount ?? 0), 0);
    const clips = `${all.length} clips, ${amountText(amount, estimate.total.currency)}`;
    const again = followers.length === 1 ? "renders again" : "render again";
    return [`Ripple: ${scene.id} changes, so ${followers.join(", ")} ${again}: ${clips}.`];
  });
}

const OWN_CHANGES = new Set(["prompt-changed", "field-changed", "input-changed", "retake", "resubmit"]);

function isOwnChange({ kind }: ScenePlan["reasons"][number]): boolean {
  return OWN_CHANGES.has(kind);
}

function followersOf(id: string, scenes: readonly ScenePlan[]): string[] {
  const reached = new Set([id]);
  // The list is in the order of what uses what, so one pass reaches everything.
  for (const { scene } of scenes) if (upstreamOf(scene).some((up) => reached.has(up))) reached.add(scene.id);
  return [...reached].slice(1);
}
