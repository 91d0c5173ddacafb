/** What an answer of the service says, whatever shape it came in. */

export interface ServiceError {
  /** The service's own code, such as `InputTextSensitiveContentDetected`; `""` when it gave none. */
  readonly code: string;
  readonly message: string;
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  readonly requestId?: string;
}

/** Why the whole run has to stop: the next request would meet the same answer. */
export type HaltReason = "bad-key" | "no-access" | "no-credit";

export type CreateOutcome =
  | { readonly kind: "accepted"; readonly taskId: string; readonly requestId?: string }
  /** The service read the request and will not do it: nothing was created, nothing is paid. */
  | { readonly kind: "refused"; readonly error: ServiceError }
  | { readonly kind: "halt"; readonly reason: HaltReason; readonly error: ServiceError }
  /** Too many requests: nothing was created; try again later. */
  | { readonly kind: "busy"; readonly retryAfterMs?: number; readonly error: ServiceError }
  /** For certain nothing reached the service: no connection was made. */
  | { readonly kind: "not-sent"; readonly error: ServiceError }
  /** The request may have been accepted. Never sent again on our own. */
  | { readonly kind: "unknown"; readonly error: ServiceError };

export type PollOutcome =
  /** `progress` is 0 to 1 and informs only. */
  | { readonly kind: "pending"; readonly progress?: number }
  /** `tokens` are those billed, `took` the seconds from the task's creation to its end, where the service says so. */
  | { readonly kind: "succeeded"; readonly url: string; readonly tokens?: number; readonly took?: number }
  /** The task ended without a clip; failed tasks are not billed. */
  | { readonly kind: "failed"; readonly error: ServiceError }
  /** The service does not know this task. */
  | { readonly kind: "missing"; readonly error: ServiceError }
  | { readonly kind: "halt"; readonly reason: HaltReason; readonly error: ServiceError }
  /** The look failed, which says nothing about the task. */
  | { readonly kind: "unreadable"; readonly retryAfterMs?: number; readonly error: ServiceError };

export type DownloadOutcome =
  /**
   * `from` is where `body` really begins: 0 when the server ignored the range, or has another file there than
   * before. `bytes`: total length if told. `version`: what the server calls these bytes, if it does.
   */
  | {
      readonly kind: "open";
      readonly body: AsyncIterable<Uint8Array>;
      readonly from: number;
      readonly bytes?: number;
      readonly version?: string;
    }
  /** The link has expired or was never there (403, 404, 410): poll again for a fresh one. */
  | { readonly kind: "gone"; readonly error: ServiceError }
  | { readonly kind: "unreadable"; readonly error: ServiceError };

/** What a provider's asset library says of one asset. */
export type AssetLook =
  /** Requests can name it. */
  | { readonly kind: "active" | "pending" }
  /** The library has not taken the bytes. */
  | { readonly kind: "failed"; readonly error: ServiceError }
  | { readonly kind: "missing"; readonly error: ServiceError }
  | { readonly kind: "halt"; readonly reason: HaltReason; readonly error: ServiceError }
  /** The look failed, which says nothing about the asset. */
  | { readonly kind: "unreadable"; readonly error: ServiceError };

/** What it has of one name. */
export type AssetSearch =
  /** All that there are. */
  | { readonly kind: "found"; readonly ids: readonly string[] }
  | { readonly kind: "unreadable"; readonly error: ServiceError };
