import { digestOf } from "../base/digest.ts";
import { unreachable } from "../base/unreachable.ts";
import type { Quote } from "../plan/lock.ts";
import { fingerprintOf, type Recipe } from "../plan/recipe.ts";
import type { LoweredScene } from "../seedance/lower.ts";
import type { CreateOutcome, ServiceError } from "../seedance/outcome.ts";
import { createRequest } from "../seedance/request.ts";
import type { SceneResult } from "./events.ts";
import { adoptLost } from "./lost-takes.ts";
import type { Materialized } from "./materialize.ts";
import type { Intent, Observation } from "./protocol.ts";
import type { TakeContext } from "./take-context.ts";

export interface TakeToSend {
  readonly lowered: LoweredScene;
  readonly recipe: Recipe;
  readonly priority: number;
  /** How many more takes may follow it, should its output be moderated. */
  readonly retries: number;
  /** The variant whose selected take it becomes as soon as its clip is here. */
  readonly selects?: string;
  materialize(): Promise<Materialized>;
}

/** How a new take ended in this run. */
export type Ended = Exclude<SceneResult, { kind: "reused" | "blocked" | "left" }>;

export type Sent =
  | { readonly kind: "accepted"; readonly take: number; readonly task: string }
  /** The service takes no more for now: it is to be sent again in its turn. */
  | { readonly kind: "busy" }
  | { readonly kind: "ended"; readonly result: Ended };

/** After so many requests that did not reach the service, the network is to blame and not the moment. */
const MOST_UNSENT = 4;
const MOST_BUSY = 40;
const WRITE_TRIES = 4;
/** A gateway that broke off may still hand the request on: the provider's list is read so long after each other. */
const SEARCH_AFTER_MS = [2000, 10_000, 30_000];

/** What stays the same however often a request is sent. */
interface Prepared {
  readonly take: number;
  readonly body: string;
  readonly quote: Quote | undefined;
}

/** The request of one take, from its media to the answer. It may be sent again only after a certain "not created". */
export class TakeRequest {
  readonly #context: TakeContext;
  readonly #take: TakeToSend;
  #prepared: Prepared | undefined;
  #unsent = 0;
  #busy = 0;

  constructor(context: TakeContext, take: TakeToSend) {
    this.#context = context;
    this.#take = take;
  }

  /** Call it with a place in flight, which is held until the answer. */
  async send(): Promise<Sent> {
    const { stop, budget } = this.#context;
    if (stop.reason) return stopped(stop.reason);
    const media = this.#prepared ? undefined : await this.#take.materialize();
    if (media?.kind === "unreachable") return stopped(media.message);
    await budget.turn(stop.signal);
    if (stop.reason) return stopped(stop.reason);
    const prepared = this.#prepared ?? this.#prepare(media?.urls ?? []);
    if (typeof prepared === "string") return stopped(prepared);
    this.#prepared = prepared;
    return this.#sendPrepared(prepared);
  }

  /** Nothing is waited for from here to the intent: another take of the scene must not get the same number. */
  #prepare(urls: readonly string[]): Prepared | string {
    const { lowered } = this.#take;
    const quote = this.#context.quoteOf(lowered);
    const problem = this.#context.spendProblem(quote);
    if (problem) return problem;
    const body = JSON.stringify(createRequest(lowered, urls));
    return { take: this.#context.ledger.nextTake(lowered.scene), body, quote };
  }

  async #sendPrepared(prepared: Prepared): Promise<Sent> {
    const { stop, budget, remote, clock } = this.#context;
    for (;;) {
      const begun = clock.now();
      const outcome = await createOnce(this.#context, this.#take, prepared);
      switch (outcome.kind) {
        case "accepted":
          remote.accepted();
          return { kind: "accepted", take: prepared.take, task: outcome.taskId };
        case "refused":
          return { kind: "ended", result: { kind: "refused", take: prepared.take, error: outcome.error } };
        case "unknown":
          return this.#lost(prepared.take, outcome.error);
        case "halt":
          stop.halt(outcome.reason, outcome.error);
          return stopped(stop.reason ?? outcome.error.message);
        case "busy":
          return this.#refused(prepared.take, begun, outcome);
        case "not-sent":
          if (++this.#unsent >= MOST_UNSENT)
            return stopped(`the service cannot be reached: ${outcome.error.message}`);
          await this.#pause(prepared.take, 1000 * 2 ** this.#unsent, outcome.error);
          await budget.turn(stop.signal);
          if (stop.reason) return stopped(stop.reason);
          break;
        default:
          return unreachable(outcome);
      }
    }
  }

  /** Found in the provider's list, or else in flight for as long as such tasks last, as far as anybody knows. */
  async #lost(take: number, error: ServiceError): Promise<Sent> {
    const { remote, times, taskSeconds, service } = this.#context;
    const task = service.list && (await this.#search(take));
    if (task !== undefined) return { kind: "accepted", take, task };
    remote.keepPlace(1000 * (times.typical(this.#take.lowered) ?? taskSeconds));
    return { kind: "ended", result: { kind: "unknown", take, error } };
  }

  async #search(take: number): Promise<string | undefined> {
    const { clock, stop, budget } = this.#context;
    const { scene } = this.#take.lowered;
    for (const ms of SEARCH_AFTER_MS) {
      await clock.sleep(ms, stop.signal);
      await budget.turn(stop.signal);
      if (stop.reason) return undefined;
      const [found] = await adoptLost(this.#context, stop.giveUp, { scene, take });
      if (found?.kind === "found") return found.task;
    }
    return undefined;
  }

  #refused(
    take: number,
    begun: number,
    { error, retryAfterMs }: Extract<CreateOutcome, { kind: "busy" }>,
  ): Sent {
    const { remote, patience } = this.#context;
    if (++this.#busy >= MOST_BUSY) return stopped(`the service stays busy: ${error.message}`);
    if (retryAfterMs !== undefined && retryAfterMs > patience)
      return stopped(
        `the service wants to be left alone for ${Math.round(retryAfterMs / 60_000)} minutes: ${error.message}`,
      );
    this.#tellBusy(take, remote.refused(begun, retryAfterMs), error);
    return { kind: "busy" };
  }

  async #pause(take: number, ms: number, error: ServiceError): Promise<void> {
    this.#tellBusy(take, ms, error);
    await this.#context.clock.sleep(ms, this.#context.stop.signal);
  }

  #tellBusy(take: number, ms: number, { message }: ServiceError): void {
    const { scene } = this.#take.lowered;
    this.#context.emit({ type: "scene-busy", scene, take, seconds: Math.round(ms / 1000), message });
  }
}

function stopped(message: string): Sent {
  return { kind: "ended", result: { kind: "stopped", message } };
}

/** The intent is on disk before the first byte leaves, the answer before anything else happens. */
async function createOnce(
  context: TakeContext,
  { lowered: { scene }, recipe, retries, selects }: TakeToSend,
  { take, body, quote }: Prepared,
): Promise<CreateOutcome> {
  const { ledger, clock, service, stop, provider, emit } = context;
  emit({ type: "scene-sending", scene, take });
  const intent: Intent = {
    fingerprint: fingerprintOf(recipe),
    recipe,
    provider,
    body: digestOf(body),
    at: new Date(clock.now()).toISOString(),
    ...(quote && { quote }),
    ...(retries > 0 && { retries }),
    ...(selects !== undefined && { selects }),
  };
  ledger.observe(scene, take, { kind: "intent", intent });
  const outcome = await service.create(body, take > 1 ? `${scene}#${take}` : scene, stop.giveUp);
  await writeOutcome(context, scene, take, outcome);
  return outcome;
}

/** Writes down what became of a request. A task's id is worth the price of a clip: it is tried more than once. */
async function writeOutcome(
  { ledger, clock, stop }: TakeContext,
  scene: string,
  take: number,
  outcome: CreateOutcome,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      ledger.observe(scene, take, observationOf(outcome));
      return;
    } catch (error) {
      if (outcome.kind !== "accepted") throw error;
      if (tries < WRITE_TRIES) {
        await clock.sleep(500 * 2 ** tries, stop.giveUp);
        continue;
      }
      // The disk would not take it, so a person has to.
      const lost = `scene \`${scene}\` was accepted as task ${outcome.taskId}, which could not be written down`;
      throw new Error(`${lost}: ${(error as Error).message}`, { cause: error });
    }
  }
}

function observationOf(outcome: CreateOutcome): Observation {
  switch (outcome.kind) {
    case "accepted":
      return { kind: "accepted", task: outcome.taskId };
    case "refused":
      return { kind: "refused", error: outcome.error };
    case "unknown":
      return { kind: "outcome-unknown", error: outcome.error };
    case "busy":
    case "not-sent":
    case "halt":
      return { kind: "not-created", error: outcome.error };
    default:
      return unreachable(outcome);
  }
}
