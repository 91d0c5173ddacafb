import type { MediaFacts } from "../base/media-facts.ts";
import type { Clip } from "../plan/lock.ts";
import type { LoweredScene } from "../seedance/lower.ts";
import { framesOf, outputSize } from "../base/sizes.ts";
import type { Incoming } from "../store/objects.ts";
import type { TakeContext } from "./take-context.ts";

export type Downloaded =
  | { readonly kind: "stored"; readonly clip: Clip; readonly differences: readonly string[] }
  /** Nothing is lost: the task is known, the next run fetches it. */
  | { readonly kind: "failed"; readonly message: string };

const TRIES = 5;
/** A clip has a few megabytes; what is larger is not a clip. */
const MOST_BYTES = 1024 * 1024 * 1024;

/** Brings a task's clip into the store: whole, verified, and looked at. */
export async function downloadClip(
  context: TakeContext,
  lowered: LoweredScene,
  task: string,
  url: string,
): Promise<Downloaded> {
  const incoming = context.store.receive();
  try {
    const problem = await receiveWhole(context, incoming, task, url);
    if (problem !== undefined) return { kind: "failed", message: problem };
    const { digest, bytes } = incoming.finish();
    const facts = await context.probe(incoming.path);
    if (facts.kind !== "video") {
      const reason = facts.kind === "unreadable" ? facts.reason : `is ${facts.kind}`;
      return { kind: "failed", message: `what the service delivered is not a playable clip: it ${reason}` };
    }
    incoming.keep(digest);
    const { width, height, seconds, fps, frames, sound } = facts;
    const clip: Clip = { sha256: digest, bytes, seconds, width, height, fps, frames, sound };
    return { kind: "stored", clip, differences: compareDelivered(lowered, facts) };
  } finally {
    incoming.discard();
  }
}

/** Undefined when all bytes are here; else why they are not. */
async function receiveWhole(
  context: TakeContext,
  incoming: Incoming,
  task: string,
  url: string,
): Promise<string | undefined> {
  let link = url;
  let problem = "the download was interrupted";
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await context.clock.sleep(500 * 2 ** attempt, context.stop.signal);
    if (context.stop.giveUp.aborted) return problem;
    const opened = await context.service.download(link, incoming.received, context.stop.giveUp);
    if (opened.kind === "gone") {
      // The link has expired; a fresh look at the task gives a fresh one.
      const look = await context.service.poll(task, context.stop.giveUp);
      problem = opened.error.message;
      if (look.kind === "succeeded") link = look.url;
      continue;
    }
    if (opened.kind === "unreadable") {
      problem = opened.error.message;
      continue;
    }
    if (opened.from !== incoming.received) incoming.restart();
    const broken = await pour(opened.body, incoming);
    if (broken === undefined && (opened.bytes === undefined || opened.bytes === incoming.received))
      return undefined;
    problem = broken ?? `${incoming.received} of ${opened.bytes} bytes came`;
  }
  return problem;
}

async function pour(body: AsyncIterable<Uint8Array>, incoming: Incoming): Promise<string | undefined> {
  const chunks = body[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<Uint8Array>;
    try {
      next = await chunks.next();
    } catch (error) {
      // The network's failure; one of the disk is thrown below and ends the run.
      return (error as Error).message;
    }
    if (next.done) return undefined;
    if (incoming.received + next.value.length > MOST_BYTES)
      throw new Error("the service delivers more than 1 GiB for one clip");
    incoming.write(next.value);
  }
}

/** What came otherwise than asked: kept with the take, since the money is spent. */
function compareDelivered(lowered: LoweredScene, facts: Extract<MediaFacts, { kind: "video" }>): string[] {
  const differences: string[] = [];
  const size = outputSize(lowered.resolution, lowered.ratio);
  if (size && (size.width !== facts.width || size.height !== facts.height)) {
    differences.push(`${facts.width}×${facts.height} came, ${size.width}×${size.height} was asked`);
  }
  const isBridge = lowered.items.filter(({ type }) => type === "video_url").length > 1;
  const frames = framesOf(lowered.duration);
  if (!isBridge && Math.abs(facts.frames - frames) > 1) {
    differences.push(`${facts.frames} frames came, ${frames} were asked`);
  }
  if (lowered.generate_audio && !facts.sound) differences.push("sound was asked, none came");
  if (!lowered.generate_audio && facts.sound) differences.push("no sound was asked, but some came");
  return differences;
}
