import { relative, sep } from "node:path";
import { canonicalJson, digestOf, type Digest } from "../base/digest.ts";
import { mostRetries } from "../plan/retries.ts";
import { VERSION } from "../base/version.ts";
import { formatLock } from "../plan/lock-format.ts";
import { planProblem } from "../syntax/plan-schema.ts";
import type { Provider } from "../storyboard/types.ts";
import type { Asked } from "./asking.ts";
import type { Checked } from "./check.ts";
import type { Plan } from "./plan.ts";

/**
 * A plan that can be looked at and then done exactly: what it says, and a digest of everything that it rests on.
 * Paths are relative to the storyboard's folder; nothing secret is in it. `schemas/plan.schema.json` describes it.
 */
export interface SavedPlan {
  readonly version: 1;
  readonly storyc: string;
  readonly storyboard: string;
  readonly provider: Provider;
  readonly asked: Asked & { readonly profile?: string | undefined };
  readonly restsOn: {
    /** The storyboard and what it includes. */
    readonly sources: Readonly<Record<string, Digest>>;
    readonly media: Readonly<Record<string, Digest>>;
    /** What the lockfile and the journal say together. */
    readonly lock: Digest;
    /** Of the table of prices. */
    readonly prices: Digest;
  };
  readonly films: readonly SavedFilm[];
}

interface SavedFilm {
  readonly film: string;
  readonly action: string;
  readonly scenes: Readonly<Record<string, SavedScene>>;
}

interface SavedScene {
  readonly action: string;
  readonly renders: number;
  /** How many more may be sent, should outputs be moderated; absent for none. */
  readonly retries?: number;
  readonly fingerprint?: Digest;
  /** Of all its takes. */
  readonly price?: { readonly amount: number; readonly currency: string };
}

type PlannedCall = Asked & { readonly profile?: string | undefined };

/** The record of a plan; undefined when there is no plan to save. */
export function savePlan(
  checked: Pick<Checked, "sources">,
  films: readonly Plan[],
  call: PlannedCall,
): SavedPlan | undefined {
  const [first] = films;
  if (!first) return undefined;
  const { folder, storyboard } = first.project;
  const named = (path: string): string => relative(folder, path).split(sep).join("/");
  const { film, retake, resubmit, only, profile } = call;
  return {
    version: 1,
    storyc: VERSION,
    storyboard: named(storyboard),
    provider: first.provider.value,
    asked: { film, retake, resubmit, only, profile },
    restsOn: {
      sources: Object.fromEntries(checked.sources.map(({ path, text }) => [named(path), digestOf(text)])),
      media: Object.fromEntries(mediaOf(films).map(([path, digest]) => [named(path), digest])),
      lock: digestOf(formatLock(first.lock)),
      prices: digestOf(canonicalJson({ ...first.prices, from: undefined })),
    },
    films: films.map(saveFilm),
  };
}

function mediaOf(films: readonly Plan[]): [string, Digest][] {
  return films.flatMap(({ media }) =>
    [...media].flatMap(([path, file]): [string, Digest][] =>
      file.kind === "read" ? [[path, file.digest]] : [],
    ),
  );
}

function saveFilm({ storyboard, scenes, estimate, film }: Plan): SavedFilm {
  const saved = scenes.map((planned): [string, SavedScene] => {
    const { scene, action, renders, fingerprint } = planned;
    const retries = mostRetries(planned);
    const known = estimate.prices.get(scene.id);
    const price = known && { amount: known.amount, currency: known.currency };
    const sent = { renders, ...(retries > 0 && { retries }) };
    return [scene.id, { action, ...sent, ...(fingerprint && { fingerprint }), ...(price && { price }) }];
  });
  return { film: storyboard.variant, action: film.action, scenes: Object.fromEntries(saved) };
}

/** Why a saved plan cannot be done any more: each thing that has moved since. Undefined when nothing has, or none is given. */
export function planMoved(
  checked: Pick<Checked, "sources">,
  films: readonly Plan[],
  options: PlannedCall & { readonly plan?: SavedPlan | undefined },
): string | undefined {
  const { plan: saved } = options;
  if (!saved) return undefined;
  const now = savePlan(checked, films, options);
  const moved = now ? [...differences(saved, now)] : ["there is nothing to plan"];
  return moved.length === 0 ? undefined : `the saved plan does not hold any more: ${moved.join("; ")}`;
}

function* differences(saved: SavedPlan, now: SavedPlan): Generator<string> {
  if (saved.storyc !== now.storyc) yield `it was made by storyc ${saved.storyc}, this is ${now.storyc}`;
  if (saved.storyboard !== now.storyboard) yield `it is the plan of ${saved.storyboard}`;
  if (saved.provider !== now.provider) yield `provider ${saved.provider} → ${now.provider}`;
  if (JSON.stringify(saved.asked) !== JSON.stringify(now.asked)) yield "other options are asked for";
  yield* changedFiles(saved.restsOn.sources, now.restsOn.sources);
  yield* changedFiles(saved.restsOn.media, now.restsOn.media);
  if (saved.restsOn.lock !== now.restsOn.lock) yield "the lockfile has changed";
  if (saved.restsOn.prices !== now.restsOn.prices) yield "the prices have changed";
  yield* changedSteps(saved, now);
}

function* changedFiles(
  saved: Readonly<Record<string, Digest>>,
  now: Readonly<Record<string, Digest>>,
): Generator<string> {
  for (const path of new Set([...Object.keys(saved), ...Object.keys(now)])) {
    if (now[path] === undefined) yield `${path} is not used any more`;
    else if (saved[path] === undefined) yield `${path} is new`;
    else if (saved[path] !== now[path]) yield `${path} has changed`;
  }
}

/** What the digests do not show: bytes that are gone from the store, a film that was removed, another price. */
function* changedSteps(saved: SavedPlan, now: SavedPlan): Generator<string> {
  for (const film of now.films) {
    const before = saved.films.find((one) => one.film === film.film);
    if (!before) yield `film \`${film.film}\` is not in it`;
    for (const [id, scene] of Object.entries(film.scenes)) {
      const was = before?.scenes[id];
      if (!was || was.fingerprint !== scene.fingerprint) continue;
      if (was.action !== scene.action || was.renders !== scene.renders || was.retries !== scene.retries)
        yield `\`${id}\`: ${stepText(was)} → ${stepText(scene)}`;
      else if (was.price?.amount !== scene.price?.amount)
        yield `\`${id}\`: ${priceText(was)} → ${priceText(scene)}`;
    }
  }
}

function priceText({ price }: SavedScene): string {
  return price ? `${price.amount.toFixed(2)} ${price.currency}` : "free";
}

function stepText({ action, renders, retries }: SavedScene): string {
  const step = renders > 1 ? `${action} ${renders} takes` : action;
  return retries === undefined ? step : `${step} with up to ${retries} more`;
}

export type ReadSavedPlan =
  | { readonly kind: "plan"; readonly plan: SavedPlan }
  | { readonly kind: "wrong-call"; readonly message: string };

/** `name` is for messages. */
export function readSavedPlan(name: string, text: string): ReadSavedPlan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return wrong(`${name} is not JSON`);
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > 1)
    return wrong(`${name} is a plan of version ${version}; this storyc reads version 1`);
  const problem = planProblem(value);
  if (problem !== undefined) return wrong(`${name} is no saved plan: ${problem}`);
  return { kind: "plan", plan: value as SavedPlan };
}

function wrong(what: string): ReadSavedPlan {
  return { kind: "wrong-call", message: `${what}; write one with \`storyc plan --out FILE\`` };
}
