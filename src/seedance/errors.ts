import type { HaltReason } from "./outcome.ts";

/** What the service's error codes mean for a run. One table, so that a new code is one new line. */

export type ErrorAction =
  /** The request as it stands will never be done; nothing was created. */
  | "refuse"
  /** The finished clip did not pass moderation; the same request may pass another time. */
  | "output"
  | "bad-key"
  | "no-access"
  | "no-credit"
  /** Nothing was created; later it may be. */
  | "busy"
  /** The task asked about is not known. */
  | "missing"
  /** The fault was on the service's side after it had read the request: a create may have been done. */
  | "unknown";

interface Row {
  readonly code: RegExp;
  readonly action: ErrorAction;
  readonly hint: string;
  /** What else often helps where sound was asked for. */
  readonly withSound?: string;
}

const KEY_HINT = "The API key is wrong, expired or belongs to another provider; check it and the base URL.";
const CREDIT_HINT =
  "The account has no credit or has reached a limit that was set; top it up or raise the limit.";
const WAIT_HINT = "The service is busy; storyc waits and goes on by itself. A lower --concurrency may help.";
const GATEWAY_HINT =
  "The gateway lost touch with the service, so the request may have been done; look at the provider's task list.";

const SOUND_HINT = "Without sound (generate_audio: false) it often passes too.";

/** First match wins, so narrower codes stand above wider ones. */
const ROWS: readonly Row[] = [
  {
    code: /^OutputAudio/i,
    action: "output",
    hint: "The sound did not pass moderation. Another try often passes, or other words.",
    withSound: SOUND_HINT,
  },
  {
    code: /^OutputVideo/i,
    action: "output",
    hint: "The picture did not pass moderation. Another try often passes, or other words.",
    withSound: SOUND_HINT,
  },
  {
    code: /^Input(Image|Video|Audio).*PrivacyInformation/i,
    action: "refuse",
    hint: "A real person was seen in this input. Use another one, or an asset of the provider's own library.",
  },
  {
    code: /^Input(Image|Video|Audio).*PolicyViolation/i,
    action: "refuse",
    hint: "This input looks like protected material. Use another one.",
  },
  {
    code: /^Input(Image|Video|Audio)/i,
    action: "refuse",
    hint: "This input did not pass moderation. Use another one.",
  },
  {
    code: /^(InputText)?SensitiveContentDetected|^sensitive_words_detected$|^prompt_blocked$/i,
    action: "refuse",
    hint: "The prompt did not pass moderation. Word it differently.",
  },
  {
    code: /^(InvalidParameter|MissingParameter)/i,
    action: "refuse",
    hint: "The service does not accept this request. `storyc show` prints it as it was sent.",
  },
  {
    code: /^(ModelNotOpen|InvalidEndpoint|model_not_found)/i,
    action: "refuse",
    hint: "This model is not available under this key. Check the model's name and that it is switched on.",
  },
  {
    code: /^(invalid_request|missing_model|invalid_api_platform)$/i,
    action: "refuse",
    hint: "The gateway does not accept this request. `storyc show` prints it as it was sent.",
  },
  { code: /^(AuthenticationError|invalid_api_key)/i, action: "bad-key", hint: KEY_HINT },
  {
    code: /^AccountOverdueError/i,
    action: "no-access",
    hint: "The account has unpaid bills; settle them at the provider.",
  },
  {
    code: /^access_?denied/i,
    action: "no-access",
    hint: "The account may not use this model or this route; ask the provider to allow it.",
  },
  {
    code: /^(QuotaExceeded|SetLimitExceeded|insufficient_|quota_not_enough|pre_consume_token_quota_failed)/i,
    action: "no-credit",
    hint: CREDIT_HINT,
  },
  { code: /RateLimitExceeded|^(ServerOverloaded|ModelLoadingError)/i, action: "busy", hint: WAIT_HINT },
  {
    code: /^(task_?not_?(exist|found)|ResourceNotFound)/i,
    action: "missing",
    hint: "The provider does not know this task: it may be of another account, or older than the provider keeps.",
  },
  {
    code: /^InternalServiceError/i,
    action: "unknown",
    hint: "The service failed, so the request may have been done; look at the provider's task list.",
  },
  {
    code: /^(do_request_failed|read_response_body_failed|unmarshal_response_failed|insert_task_failed)/i,
    action: "unknown",
    hint: GATEWAY_HINT,
  },
];

/** `undefined` for a code that is not in the table: the HTTP status has to decide. */
export function actionFor(code: string): ErrorAction | undefined {
  return ROWS.find((row) => row.code.test(code))?.action;
}

/** Whether every further request would meet the same. */
export function isHalt(action: ErrorAction | undefined): action is HaltReason {
  return action === "bad-key" || action === "no-access" || action === "no-credit";
}

/** Whether a finished clip did not pass moderation, so that the same request may pass another time. */
export function isModeratedOutput(code: string): boolean {
  return actionFor(code) === "output";
}

/** For people, on what to do about it; `undefined` where there is nothing to add. `hasSound`: sound was asked for. */
export function hintFor(code: string, hasSound = true): string | undefined {
  const row = ROWS.find((one) => one.code.test(code));
  return hasSound && row?.withSound !== undefined ? `${row.hint} ${row.withSound}` : row?.hint;
}

/** Gateways report an empty account under many codes and statuses; the words are steadier. */
export function tellsNoCredit(message: string): boolean {
  return /insufficient[_ ](user[_ ])?(quota|balance|credit|fund)|quota is not enough|(balance|credit)s? (is |are )?(not enough|too low|exhausted)|余额不足|额度不足|欠费/i.test(
    message,
  );
}

/**
 * `content[1]`, `content.1`, `/content/1` and `["content", 1]`, as validators of different languages write it. A path
 * within a link is none of them.
 */
const CONTENT_ITEM =
  /(?<![\w/-])content(?: ?\[ ?(\d{1,3}) ?\]|\.\[?(\d{1,3})\b)|(?<![\w/.:-])\/content\/(\d{1,3})\b|["']content["'], ?(\d{1,3})\b/i;

/** The item of the request's `content`, from 0, that a message complains about; of several the first. */
export function contentIndexOf(message: string): number | undefined {
  const digits = CONTENT_ITEM.exec(message)
    ?.slice(1)
    .find((found) => found !== undefined);
  return digits === undefined ? undefined : Number(digits);
}
