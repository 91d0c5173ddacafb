import type { Recipe } from "../plan/recipe.ts";
import type { ListedTask } from "../seedance/listing.ts";

/** A request of which nobody knows whether it became a task. */
export interface LostRequest {
  /** When it was about to be sent, in milliseconds since 1970 by our clock. */
  readonly at: number;
  readonly recipe: Pick<Recipe, "model" | "resolution" | "ratio" | "duration" | "generate_audio">;
}

/** What the provider's list is read with. Milliseconds. */
export interface Listing {
  readonly tasks: readonly ListedTask[];
  /** The ids of the tasks that are takes already. */
  readonly known: ReadonlySet<string>;
  /** How far the provider's clock is ahead of ours, and by how much that may be wrong. */
  readonly ahead: number;
  readonly slack: number;
}

export type Found =
  | { readonly kind: "found"; readonly task: string }
  | { readonly kind: "none" }
  /** More than one task could be it, or one task more than one request. */
  | { readonly kind: "several"; readonly tasks: readonly string[] };

/** An answer is waited for that long; a gateway may create the task as late. */
const LATEST_MS = 330_000;

/**
 * The task that a request has become, where it is beyond doubt. The list repeats neither prompt nor label, so a task is
 * known by when it was created and what it was asked to be; and it must be the only one that fits, for a request that
 * is the only one that it fits. `others`: every other request that may be in the list as well, those included that are
 * on their way now.
 */
export function findLost(lost: LostRequest, others: readonly LostRequest[], listing: Listing): Found {
  const tasks = listing.tasks.filter((task) => !listing.known.has(task.id) && fits(lost, task, listing));
  const [task, second] = tasks;
  if (!task) return { kind: "none" };
  if (second || others.some((other) => fits(other, task, listing)))
    return { kind: "several", tasks: tasks.map(({ id }) => id) };
  return { kind: "found", task: task.id };
}

/** When, by the provider's clock, the first of these may have become a task at the earliest. */
export function earliestCreation(
  lost: readonly LostRequest[],
  { ahead, slack }: Pick<Listing, "ahead" | "slack">,
): number {
  return Math.min(...lost.map(({ at }) => at)) + ahead - slack;
}

/** Nothing that the list says of the task speaks against it. */
function fits({ at, recipe }: LostRequest, task: ListedTask, { ahead, slack }: Listing): boolean {
  const created = task.createdAt - ahead;
  if (created < at - slack || created > at + LATEST_MS + slack) return false;
  const asked = recipe.ratio === "adaptive" ? undefined : recipe.ratio;
  return (
    isSameModel(recipe.model, task.model) &&
    agree(recipe.resolution, task.resolution) &&
    agree(asked, task.ratio) &&
    agree(recipe.duration, task.duration) &&
    agree(recipe.generate_audio, task.generateAudio)
  );
}

function agree(asked: unknown, listed: unknown): boolean {
  return asked === undefined || listed === undefined || asked === listed;
}

/**
 * Providers list a model with its maker's prefix and its date, as `doubao-seedance-2-0-mini-260428`; the id of an
 * endpoint of one's own says nothing of it.
 */
function isSameModel(asked: string, listed: string | undefined): boolean {
  if (listed === undefined || asked.startsWith("ep-") || listed.startsWith("ep-")) return true;
  return plainModel(asked) === plainModel(listed);
}

function plainModel(model: string): string {
  return model
    .toLowerCase()
    .replaceAll(/[._]/g, "-")
    .replace(/^(doubao|dreamina|byteplus)-/, "")
    .replace(/-\d{6,8}$/, "");
}
