import { DEFAULT_RATIO, DEFAULT_RESOLUTION, DURATION, RATIOS, RESOLUTIONS } from "../base/limits.ts";
import type { ApiError, GenerationRequest } from "./request.ts";
import { checkContent, type Fields } from "./validate-content.ts";

type Validated =
  | { readonly kind: "valid"; readonly request: GenerationRequest }
  | { readonly kind: "refused"; readonly error: ApiError };

const FIELDS = [
  "model",
  "content",
  "generate_audio",
  "resolution",
  "ratio",
  "duration",
  "tools",
  "watermark",
];

/**
 * Checks the body of a create call more strictly than the service, which ignores what it does not know: a
 * misspelt name would cost money there, so it has to be found here.
 */
export function validate(body: unknown): Validated {
  if (!isFields(body)) return refuse("the request body must be a JSON object");
  const problem = settingsProblem(body) ?? toolsProblem(body.tools);
  if (problem) return refuse(problem);
  const content = checkContent(body.content);
  if (content.kind === "wrong") return refuse(content.message, content.code);
  const webSearch = Array.isArray(body.tools) && body.tools.length > 0;
  if (webSearch && content.media.length > 0) {
    return refuse("tools: web_search is supported for pure text only, and content has media");
  }
  return {
    kind: "valid",
    request: {
      model: String(body.model),
      prompt: content.prompt,
      media: content.media,
      generateAudio: (body.generate_audio as boolean | undefined) ?? true,
      resolution: (body.resolution as GenerationRequest["resolution"] | undefined) ?? DEFAULT_RESOLUTION,
      ratio: (body.ratio as GenerationRequest["ratio"] | undefined) ?? DEFAULT_RATIO,
      duration: (body.duration as number | undefined) ?? DURATION.byDefault,
      watermark: (body.watermark as boolean | undefined) ?? false,
      webSearch,
    },
  };
}

function settingsProblem(body: Fields): string | undefined {
  const unknown = Object.keys(body).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) return `${unknown} is not a parameter; known are ${FIELDS.join(", ")}`;
  if (typeof body.model !== "string" || body.model === "") return "model is required";
  if (!/seedance/i.test(body.model)) return `model ${JSON.stringify(body.model)} does not exist`;
  return (
    switchProblem(body, "generate_audio") ??
    switchProblem(body, "watermark") ??
    choiceProblem(body, "resolution", RESOLUTIONS) ??
    choiceProblem(body, "ratio", RATIOS) ??
    durationProblem(body.duration)
  );
}

function switchProblem(body: Fields, name: string): string | undefined {
  const value = body[name];
  return value === undefined || typeof value === "boolean" ? undefined : `${name} must be true or false`;
}

function choiceProblem(body: Fields, name: string, choices: readonly string[]): string | undefined {
  const value = body[name];
  if (value === undefined || choices.includes(value as string)) return undefined;
  return `${name} must be one of ${choices.join(", ")}, not ${JSON.stringify(value)}`;
}

function durationProblem(value: unknown): string | undefined {
  const { least, most } = DURATION;
  if (value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most))
    return undefined;
  return `duration must be a whole number of seconds from ${least} to ${most}, not ${JSON.stringify(value)}`;
}

function toolsProblem(tools: unknown): string | undefined {
  if (tools === undefined) return undefined;
  if (!Array.isArray(tools)) return "tools must be a list";
  const bad = tools.findIndex(
    (tool) => !isFields(tool) || tool.type !== "web_search" || Object.keys(tool).length > 1,
  );
  return bad === -1 ? undefined : `tools[${bad}] must be {"type":"web_search"}`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuse(message: string, code = "InvalidParameter"): Validated {
  return { kind: "refused", error: { status: 400, code, message } };
}
