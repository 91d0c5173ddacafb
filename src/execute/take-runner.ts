import { digestOf } from "../base/digest.ts";
import { unreachable } from "../base/unreachable.ts";
import type { Quote } from "../plan/lock.ts";
import { billingDifference } from "../plan/quote.ts";
import { fingerprintOf, type Recipe } from "../plan/recipe.ts";
import type { LoweredScene } from "../seedance/lower.ts";
import type { CreateOutcome, ServiceError } from "../seedance/outcome.ts";
import { createRequest } from "../seedance/request.ts";
import { downloadClip } from "./download.ts";
import type { SceneResult } from "./events.ts";
import type { Materialized } from "./materialize.ts";
import type { TaskEnd } from "./poller.ts";
import type { TakeContext } from "./take-context.ts";
import type { Observation } from "./protocol.ts";

export interface TakeToSend {
  readonly lowered: LoweredScene;
  readonly recipe: Recipe;
  readonly priority: number;
  /** The variant whose selected take it becomes as soon as its clip is here. */
  readonly selects?: string;
  materialize(): Promise<Materialized>;
}

type Ended = Exclude<SceneResult, { kind: "reused" | "blocked" | "left" }>;

/** After so many requests that did not reach the service, the network is to blame and not the moment. */
const MOST_UNSENT = 4;
const MOST_BUSY = 40;
const WRITE_TRIES = 4;

/** Sends one new take and brings it home. Pays once or not at all. */
export async function sendTake(context: TakeContext, send: TakeToSend): Promise<Ended> {
  const { scene } = send.lowered;
  const sent = await context.remote.run(send.priority, () => sendAndWait(context, send));
  if (sent.kind === "ended") return sent.result;
  return collectEnd(context, scene, sent.take, send.lowered, sent.task, sent.end);
}

/** Waits for a task that an earlier run has created. Nothing is sent. */
export async function collectTake(
  context: TakeContext,
  lowered: LoweredScene,
  known: { take: number; task: string; provider: string; since: number; priority: number },
): Promise<Ended> {
  const { take, task, provider, since, priority } = known;
  if (provider !== context.provider) {
    // Asked for at another service it would be missing there, and look as if it had failed.
    return {
      kind: "unfinished",
      take,
      task,
      message: `it is a task of \`${provider}\`; collect it with --provider ${provider}`,
    };
  }
  const end = await context.remote.run(priority, () => waitForTask(context, lowered, take, task, since));
  return collectEnd(context, lowered.scene, take, lowered, task, end);
}

type Sent =
  | { readonly kind: "ended"; readonly result: Ended }
  | { readonly kind: "task"; readonly take: number; readonly task: string; readonly end: TaskEnd };

async function sendAndWait(context: TakeContext, send: TakeToSend): Promise<Sent> {
  const { ledger, stop, emit } = context;
  const { scene } = send.lowered;
  if (stop.reason) return stopped(stop.reason);
  const media = await send.materialize();
  if (media.kind === "unreachable") return stopped(media.message);
  const body = JSON.stringify(createRequest(send.lowered, media.urls));
  const quote = context.quoteOf(send.lowered);
  await context.budget.turn(stop.signal);
  if (stop.reason) return stopped(stop.reason);
  const problem = context.spendProblem(quote);
  if (problem) return stopped(problem);
  // From here to the intent nothing is waited for: another take of the scene must not get the same number.
  const take = ledger.nextTake(scene);
  for (let unsent = 0, busy = 0; ;) {
    if (stop.reason) return stopped(stop.reason);
    emit({ type: "scene-sending", scene, take });
    const outcome = await createOnce(context, send, take, body, quote);
    switch (outcome.kind) {
      case "accepted":
        return {
          kind: "task",
          take,
          task: outcome.taskId,
          end: await waitForTask(context, send.lowered, take, outcome.taskId, context.clock.now()),
        };
      case "refused":
        return { kind: "ended", result: { kind: "refused", take, error: outcome.error } };
      case "unknown":
        return { kind: "ended", result: { kind: "unknown", take, error: outcome.error } };
      case "halt":
        stop.halt(outcome.reason, outcome.error);
        return stopped(stop.reason ?? outcome.error.message);
      case "not-sent":
        if (++unsent >= MOST_UNSENT)
          return stopped(`the service cannot be reached: ${outcome.error.message}`);
        await pause(context, send, take, 1000 * 2 ** unsent, outcome.error);
        break;
      case "busy":
        if (++busy >= MOST_BUSY) return stopped(`the service stays busy: ${outcome.error.message}`);
        await pause(
          context,
          send,
          take,
          outcome.retryAfterMs ?? Math.min(60_000, 1000 * 2 ** busy),
          outcome.error,
        );
        break;
      default:
        return unreachable(outcome);
    }
  }
}

function stopped(message: string): Sent {
  return { kind: "ended", result: { kind: "stopped", message } };
}

/** The intent is on disk before the first byte leaves, the answer before anything else happens. */
async function createOnce(
  context: TakeContext,
  send: TakeToSend,
  take: number,
  body: string,
  quote: Quote | undefined,
): Promise<CreateOutcome> {
  const { ledger, clock, service, stop, provider } = context;
  const { scene } = send.lowered;
  const at = new Date(clock.now()).toISOString();
  const { recipe, selects } = send;
  const more = { ...(quote && { quote }), ...(selects !== undefined && { selects }) };
  const intent = {
    fingerprint: fingerprintOf(recipe),
    recipe,
    provider,
    body: digestOf(body),
    at,
    ...more,
  };
  ledger.observe(scene, take, { kind: "intent", intent });
  const label = take > 1 ? `${scene}#${take}` : scene;
  const outcome = await service.create(body, label, stop.giveUp);
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

async function pause(
  context: TakeContext,
  send: TakeToSend,
  take: number,
  ms: number,
  error: ServiceError,
): Promise<void> {
  const { scene } = send.lowered;
  context.emit({ type: "scene-busy", scene, take, seconds: Math.round(ms / 1000), message: error.message });
  await context.clock.sleep(ms, context.stop.signal);
  await context.budget.turn(context.stop.signal);
}

function waitForTask(
  context: TakeContext,
  lowered: LoweredScene,
  take: number,
  task: string,
  since: number,
): Promise<TaskEnd> {
  const { emit, poller, patience, times } = context;
  const { scene } = lowered;
  emit({ type: "scene-running", scene, take, task });
  const onProgress = (progress: number | undefined): void =>
    emit({ type: "scene-running", scene, take, task, ...(progress !== undefined && { progress }) });
  return poller.watch({ task, since, patience, known: times.of(lowered), onProgress });
}

/** What a task's end means for its take: the clip is fetched, or the reason recorded why there is none. */
async function collectEnd(
  context: TakeContext,
  scene: string,
  take: number,
  lowered: LoweredScene,
  task: string,
  end: TaskEnd,
): Promise<Ended> {
  const unfinished = (message: string): Ended => ({ kind: "unfinished", take, task, message });
  const denied = (denial: string, message = denial): Ended => ({
    kind: "unfinished",
    take,
    task,
    message,
    denial,
  });
  const failed = (error: ServiceError): Ended => {
    context.ledger.observe(scene, take, { kind: "task-failed", error });
    return { kind: "failed", take, error };
  };
  switch (end.kind) {
    case "missing":
      // What costs nothing is simply made again.
      if (context.provider !== "emulator") {
        context.ledger.observe(scene, take, { kind: "missing", error: end.error });
        return denied(
          end.error.message,
          `the service does not know it (${end.error.message}): it is asked again by the next run, or given up by --resubmit`,
        );
      }
      return failed(end.error);
    case "failed":
      return failed(end.error);
    case "halt":
      context.stop.halt(end.reason, end.error);
      return unfinished(end.error.message);
    case "deadline":
      return unfinished("it has not ended within the deadline");
    case "interrupted":
      return unfinished(context.stop.reason ?? "the run was interrupted");
    case "succeeded": {
      const { tokens, took } = end;
      context.ledger.observe(scene, take, {
        kind: "succeeded",
        ...(tokens !== undefined && { tokens }),
        ...(took !== undefined && { took }),
      });
      if (took !== undefined) context.times.note(lowered, took);
      context.emit({ type: "scene-downloading", scene, take });
      const fetched = await context.transfers.run(0, () => downloadClip(context, lowered, task, end.url));
      if (fetched.kind === "failed") return denied(fetched.message);
      const { clip } = fetched;
      const quoted = context.ledger.takes(scene).find((one) => one.take === take)?.quote;
      const differences = [...fetched.differences, ...billingDifference(quoted, end.tokens)];
      context.ledger.observe(scene, take, { kind: "stored", clip, differences });
      return { kind: "done", take, clip: context.store.pathOf(clip.sha256), differences };
    }
    default:
      return unreachable(end);
  }
}
