import type { Service } from "../../src/execute/service.ts";
import type { CreateOutcome, DownloadOutcome, PollOutcome } from "../../src/seedance/outcome.ts";

/** A service to be held to the contract, and what this one cannot show. */
export interface ContractRig {
  readonly service: Service;
  /** A body that the service accepts. Words such as `[[429]]` in the prompt make it misbehave, where it can. */
  body(prompt: string): string;
  /** Whether a task that expired is shown as such, and not as one that runs for ever. */
  readonly showsExpired: boolean;
  /** The key that it was opened with, which nothing that it says may hold. */
  readonly key: string;
  /** The same service, opened where nobody listens; absent where there is no network. */
  readonly nowhere?: Service;
  /** The same service with a key that is wrong. */
  readonly stranger?: Service;
  /** From now on it does what these rows of a faults file say, and nothing of what earlier rows said. */
  misbehave?(...rows: readonly string[]): Promise<void>;
  /** Moves the clock by which its links expire. */
  later?(seconds: number): void;
  close(): Promise<void>;
}

export type Rig = () => ContractRig;

export const NEVER = new AbortController().signal;

export function acceptedId(outcome: CreateOutcome): string {
  if (outcome.kind !== "accepted") throw new Error(`not accepted: ${JSON.stringify(outcome)}`);
  return outcome.taskId;
}

export function linkOf(outcome: PollOutcome): string {
  if (outcome.kind !== "succeeded") throw new Error(`no link: ${JSON.stringify(outcome)}`);
  return outcome.url;
}

/** Looks until it is over; the kinds of all outcomes. */
export async function looks(service: Service, id: string): Promise<PollOutcome["kind"][]> {
  const kinds: PollOutcome["kind"][] = [];
  for (const until = Date.now() + 10_000; Date.now() < until;) {
    const { kind } = await service.poll(id, NEVER);
    kinds.push(kind);
    if (kind === "succeeded" || kind === "failed") return kinds;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${id} did not end: ${kinds.join(" ")}`);
}

export async function ending(service: Service, id: string): Promise<PollOutcome> {
  await looks(service, id);
  return service.poll(id, NEVER);
}

interface Read {
  readonly from: number;
  readonly bytes: Buffer;
  readonly total: number | undefined;
}

export async function read(outcome: DownloadOutcome): Promise<Read> {
  if (outcome.kind !== "open") throw new Error(`not open: ${JSON.stringify(outcome)}`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of outcome.body) chunks.push(chunk);
  return { from: outcome.from, bytes: Buffer.concat(chunks), total: outcome.bytes };
}
