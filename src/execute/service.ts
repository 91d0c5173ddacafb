import type { CreateOutcome, DownloadOutcome, PollOutcome } from "../seedance/outcome.ts";

import type { CancelOutcome, ListOutcome } from "../seedance/listing.ts";

/**
 * The remote API as the runner sees it. Implemented by `service/`, faked in tests.
 * No method throws for anything that a network or a service can do: that is an outcome.
 */
export interface Service {
  /**
   * Sends one paid request, exactly these bytes, exactly once: never retried, never redirected.
   * `label` names scene and take for the provider's logs (header `X-Client-Request-Id`).
   */
  create(body: string, label: string, signal: AbortSignal): Promise<CreateOutcome>;
  /**
   * All tasks of the account that were created since then (milliseconds since 1970, by the provider's clock), and
   * perhaps older ones. Absent where the provider has no list.
   */
  list?(since: number, signal: AbortSignal): Promise<ListOutcome>;
  /** Withdraws a task that has not begun, and leaves every other alone. Absent where the provider cannot. */
  cancel?(taskId: string, signal: AbortSignal): Promise<CancelOutcome>;
  poll(taskId: string, signal: AbortSignal): Promise<PollOutcome>;
  /**
   * Opens the bytes of a result, from byte `from` on when the server can. `version`: of the bytes that are here
   * already; another file is sent from its beginning. The body's iterator must be read to its end, or returned.
   */
  download(url: string, from: number, signal: AbortSignal, version?: string): Promise<DownloadOutcome>;
  close(): Promise<void>;
}
