import { unreachable } from "../base/unreachable.ts";
import { billingDifference } from "../plan/quote.ts";
import type { LoweredScene } from "../seedance/lower.ts";
import type { ServiceError } from "../seedance/outcome.ts";
import { downloadClip } from "./download.ts";
import type { TaskEnd } from "./poller.ts";
import type { TakeContext } from "./take-context.ts";
import { TakeRequest, type Ended, type TakeToSend } from "./take-request.ts";

/** Sends one new take and brings it home. Pays once or not at all. */
export async function sendTake(context: TakeContext, send: TakeToSend): Promise<Ended> {
  const { lowered, priority } = send;
  const request = new TakeRequest(context, send);
  for (;;) {
    const sent = await context.remote.run(priority, async () => {
      const sending = await request.send();
      if (sending.kind !== "accepted") return sending;
      const { take, task } = sending;
      return { ...sending, end: await waitForTask(context, lowered, take, task, context.clock.now()) };
    });
    if (sent.kind === "accepted")
      return collectEnd(context, lowered.scene, sent.take, lowered, sent.task, sent.end);
    if (sent.kind === "ended") return sent.result;
  }
}

/** Waits for a task that an earlier run has created. Nothing is sent. */
export async function collectTake(
  context: TakeContext,
  lowered: LoweredScene,
  known: { take: number; task: string; provider: string; since: number },
): Promise<Ended> {
  const { take, task, provider, since } = known;
  if (provider !== context.provider) {
    // Asked for at another service it would be missing there, and look as if it had failed.
    return {
      kind: "unfinished",
      take,
      task,
      message: `it is a task of \`${provider}\`; collect it with --provider ${provider}`,
    };
  }
  const end = await context.remote.occupy(() => waitForTask(context, lowered, take, task, since));
  return collectEnd(context, lowered.scene, take, lowered, task, end);
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
