import { placeOf } from "../base/diagnostic.ts";
import type { Plan } from "../driver/plan.ts";
import type { SceneResult } from "../execute/events.ts";
import { takesOf } from "../plan/lock.ts";
import type { Reason } from "../plan/reasons.ts";
import { hintFor, isModeratedOutput } from "../seedance/errors.ts";
import { refusedPlace, type RefusedPlace } from "../seedance/refused-place.ts";

/** Where it stands in the storyboard, what often helps, and what to type next. */
export function advice(plan: Plan, scene: string, result: SceneResult): string[] {
  const { error, place } = refusalOf(plan, scene, result) ?? {};
  const at = place?.span ? [`${placeOf(place.span)}: ${place.written}`] : [];
  const hint = hintFor(error?.code ?? "", plan.lowered.get(scene)?.generate_audio);
  return [...at, ...(hint === undefined ? [] : [hint]), nextCommand(plan, scene, result)];
}

interface Refusal {
  readonly error: { readonly code: string; readonly message: string };
  /** What it is about, where the service says so. */
  readonly place?: RefusedPlace;
}

/** Why the service would not make a scene: in this run, or in an earlier one, after which it is not asked again. */
export function refusalOf(plan: Plan, scene: string, result: SceneResult): Refusal | undefined {
  const before = result.kind === "blocked" && reasonOf(plan, scene, "refused");
  const earlier = before && takesOf(plan.lock, scene).find(({ take }) => take === before.take)?.error;
  const error = result.kind === "refused" || result.kind === "failed" ? result.error : earlier;
  const lowered = plan.lowered.get(scene);
  if (!error || !lowered) return undefined;
  const place = refusedPlace(lowered, error);
  return { error, ...(place && { place }) };
}

function reasonOf<K extends Reason["kind"]>(
  { scenes }: Plan,
  scene: string,
  kind: K,
): Extract<Reason, { kind: K }> | undefined {
  const reasons = scenes.find((planned) => planned.scene.id === scene)?.reasons ?? [];
  return reasons.find((reason): reason is Extract<Reason, { kind: K }> => reason.kind === kind);
}

/** What to type, or to do, so that the scene gets its clip; empty where it has it. */
export function nextCommand(plan: Plan, scene: string, result: SceneResult): string {
  switch (result.kind) {
    case "refused":
      return changeIt(scene);
    case "failed":
      return tryAgain(plan, scene, result.error.code);
    case "unfinished":
      return "`storyc render` collects it";
    case "unknown":
      return findIt(scene);
    case "blocked":
      if (reasonOf(plan, scene, "outcome-unknown")) return findIt(scene);
      if (reasonOf(plan, scene, "refused")) return changeIt(scene);
      return "it goes on with `storyc render` when what it needs is made";
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

/** Where nothing is said of retries, that it can be. */
function tryAgain({ scenes }: Plan, scene: string, code: string): string {
  const again = "failed tasks are not billed: `storyc render` tries again";
  const { settings } = scenes.find((planned) => planned.scene.id === scene)?.scene ?? {};
  const canRetry = isModeratedOutput(code) && settings?.retry.value.moderation === 0;
  return canRetry ? `${again}, and with \`retry: { moderation: 2 }\` a run does so by itself` : again;
}

function changeIt(scene: string): string {
  return `change the scene, then \`storyc render\`; as it stands it is sent again only by \`storyc render --retake ${scene}\``;
}

function findIt(scene: string): string {
  return `look at the provider's list of tasks: \`storyc adopt ${scene} TASK-ID\` if it is there, \`storyc render --resubmit ${scene}\` if it is not`;
}
