import { DEFAULT_RATIO, DEFAULT_RESOLUTION, DURATION } from "../base/limits.ts";
import { checkRequest, type RequestProblem } from "../syntax/request-schema.ts";
import type { ApiError, GenerationRequest } from "./request.ts";
import { pruneUnknown } from "./validate-lenient.ts";
import { checkContent, urlProblem, type Item } from "./validate-content.ts";

/** `lenient` is how the service reads a request: what it does not know it ignores without a word. */
export type Strictness = "strict" | "lenient";

type Validated =
  | {
      readonly kind: "valid";
      readonly request: GenerationRequest;
      /** What was ignored, as paths into the body. */
      readonly ignored: readonly string[];
    }
  | { readonly kind: "refused"; readonly error: ApiError };

/** A body that fits the schema. */
interface Body {
  readonly model: string;
  readonly content: readonly Item[];
  readonly generate_audio?: boolean;
  readonly resolution?: GenerationRequest["resolution"];
  readonly ratio?: GenerationRequest["ratio"];
  readonly duration?: number;
  readonly tools?: readonly object[];
  readonly watermark?: boolean;
}

const MISSING = ["required", "minItems"];

/**
 * Checks the body of a create call. Strictly unless told otherwise: a misspelt name would cost money at the
 * service, so it has to be found here. Leniently, what is not known is removed from `given`.
 */
export function validate(given: unknown, strictness: Strictness = "strict"): Validated {
  const { problem, ignored } =
    strictness === "strict" ? { problem: checkRequest(given), ignored: [] } : pruneUnknown(given);
  if (problem)
    return refuse(wordsOf(problem), MISSING.includes(problem.keyword) ? "MissingParameter" : undefined);
  const body = given as Body;
  const content = checkContent(body.content);
  if (content.kind === "wrong") return refuse(content.message);
  const webSearch = body.tools !== undefined && body.tools.length > 0;
  if (webSearch && content.media.length > 0) {
    return refuse("tools: web_search is supported for pure text only, and content has media");
  }
  return {
    kind: "valid",
    ignored,
    request: {
      model: body.model,
      prompt: content.prompt,
      media: content.media,
      generateAudio: body.generate_audio ?? true,
      resolution: body.resolution ?? DEFAULT_RESOLUTION,
      ratio: body.ratio ?? DEFAULT_RATIO,
      duration: body.duration ?? DURATION.byDefault,
      watermark: body.watermark ?? false,
      webSearch,
    },
  };
}

/** A pattern says that something is wrong; what, is said here. */
function wordsOf({ path, keyword, value, message }: RequestProblem): string {
  if (path === "") return `the request body ${message}`;
  if (keyword !== "pattern") return `${path} ${message}`;
  if (path === "model") return `model ${JSON.stringify(value)} does not exist`;
  const url = /\.(image_url|video_url|audio_url)\.url$/.exec(path);
  return url
    ? `${path} ${urlProblem(url[1] as "image_url", String(value)) ?? message}`
    : `${path} must not be empty`;
}

function refuse(message: string, code = "InvalidParameter"): Validated {
  return { kind: "refused", error: { status: 400, code, message } };
}
