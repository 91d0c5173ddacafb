import { fingerprintOf } from "../plan/recipe.ts";
import type { Take } from "../plan/lock.ts";
import type { AmendedScene, Amendment, AmendResult } from "./amend.ts";

/**
 * Selects a take. One that is of another recipe than is wanted now is kept for it as well, or the next run would
 * take the choice back.
 */
export function pickTake(number: number): Amendment {
  return ({ scene: { scene, fingerprint }, ledger }) => {
    const takes = ledger.takes(scene.id);
    const take = takes.find((one) => one.take === number);
    if (!take) return { problem: `\`${scene.id}\` has no take ${number}; ${madeTakes(takes)}` };
    if (take.state !== "done") return { problem: `take ${number} is ${take.state} and has no clip` };
    ledger.select(scene.id, number);
    const next = takes.find(({ state, selects }) => state === "submitted" && selects === ledger.variant);
    const until = next ? ` until the retake that is under way is here, task ${next.task}` : "";
    const said = `take ${number} of \`${scene.id}\` is selected${until}`;
    if (fingerprint === undefined || fingerprint === take.fingerprint) return { said };
    ledger.keep(scene.id, fingerprint);
    return { said: `${said}, and kept although it was made from another recipe` };
  };
}

/** Accepts the selected take, stale as it is, for exactly the recipe that is wanted now. */
export const keepTake: Amendment = ({ scene: planned, ledger }) => {
  const { scene, fingerprint, reasons } = planned;
  const selected = ledger.selected(scene.id);
  if (!selected?.clip) return { problem: `\`${scene.id}\` has no selected take that could be kept` };
  const upstream = reasons.find(({ kind }) => kind === "upstream-changes" || kind === "upstream-blocked");
  if (fingerprint === undefined) {
    const first = upstream && "scene" in upstream ? upstream.scene : scene.id;
    const help = `render \`${first}\` first with \`storyc render --only ${first}\`, or keep it too`;
    return { problem: `what \`${scene.id}\` is made from will change, so it is not known yet; ${help}` };
  }
  if (selected.fingerprint === fingerprint)
    return { said: `take ${selected.take} of \`${scene.id}\` is current` };
  ledger.keep(scene.id, fingerprint);
  return { said: `take ${selected.take} of \`${scene.id}\` is kept, until something else changes` };
};

export interface Adoption {
  readonly task: string;
  /** Which take; the latest whose outcome is unknown, where it is absent. */
  readonly take?: number | undefined;
  /** Records the task as a new take of today's recipe, where no take is missing one. */
  readonly asNewTake?: boolean | undefined;
}

/** Tells which task became of a request whose answer was lost. Only recorded: the next run collects it. */
export function adoptTask({ task, take, asNewTake = false }: Adoption): Amendment {
  return (on) => {
    const { scene, ledger } = on;
    const { id } = scene.scene;
    if (!/^[\w.:~-]{1,200}$/.test(task)) return { problem: `\`${task.slice(0, 60)}\` is no id of a task` };
    const owner = ownerOf(on, task);
    if (owner !== undefined) return { problem: `task ${task} is ${owner} already` };
    const lost = ledger.takes(id).filter(isLost);
    const wanted = take === undefined ? (lost.findLast(isUnknown) ?? lost.at(-1)) : lost.find(isTake(take));
    if (wanted) {
      ledger.observe(id, wanted.take, { kind: "adopted", task });
      return { said: `take ${wanted.take} of \`${id}\` is task ${task}; \`storyc render\` collects it` };
    }
    if (take !== undefined) return { problem: `the outcome of take ${take} of \`${id}\` is not unknown` };
    return asNewTake ? newTake(on, task) : noneLost(id);
  };
}

function noneLost(id: string): AmendResult {
  const help = "`--as-new-take` records the task as one more take of what the scene is now";
  return { problem: `\`${id}\` has no take of unknown outcome; ${help}` };
}

/** One entry of the journal: half of it would be a take that seems to have been sent, and lost. */
function newTake({ plan, scene, ledger, now }: AmendedScene, task: string): AmendResult {
  const { id } = scene.scene;
  const { recipe } = scene;
  if (!recipe) return { problem: `what \`${id}\` is made from is not made yet, so it cannot be recorded` };
  const provider = plan.provider.value;
  const fingerprint = fingerprintOf(recipe);
  const { take } = ledger.recall(id, {
    ...{ take: 0, state: "submitted", fingerprint, recipe, provider, task, at: now },
  });
  return { said: `take ${take} of \`${id}\` is task ${task}; \`storyc render\` collects it` };
}

function isLost({ state }: Take): boolean {
  return state === "unknown" || state === "abandoned";
}

function isUnknown({ state }: Take): boolean {
  return state === "unknown";
}

function isTake(number: number): (take: Take) => boolean {
  return ({ take }) => take === number;
}

/** A task is one take's: a second one would be waited for, and shown, twice. */
function ownerOf({ plan }: AmendedScene, task: string): string | undefined {
  for (const [id, { takes }] of plan.lock.scenes) {
    const owner = takes.find((take) => take.task === task);
    if (owner) return `take ${owner.take} of \`${id}\``;
  }
  return undefined;
}

function madeTakes(takes: readonly Take[]): string {
  const done = takes.filter(({ state }) => state === "done").map(({ take }) => take);
  return done.length === 0 ? "it has none yet" : `it has ${done.join(", ")}`;
}
