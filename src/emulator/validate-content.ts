import { AUDIO, IMAGE, VIDEO } from "../base/limits.ts";
import type { MediumType, RequestMedium, Role } from "./request.ts";

type Content =
  | { readonly kind: "read"; readonly prompt: string; readonly media: readonly RequestMedium[] }
  | { readonly kind: "wrong"; readonly message: string };

/** An item that fits the schema: it has the one medium that its type names. */
export type Item =
  | { readonly type: "text"; readonly text: string }
  | ({ readonly type: MediumType; readonly role?: Role } & {
      readonly [Type in MediumType]?: { readonly url: string };
    });

/** What no schema says: how large the media are, and what the items are together. */
export function checkContent(content: readonly Item[]): Content {
  const texts: string[] = [];
  const media: RequestMedium[] = [];
  for (const [index, item] of content.entries()) {
    if (item.type === "text") {
      texts.push(item.text);
      continue;
    }
    const { type } = item;
    const url = item[type]?.url ?? "";
    const tooLarge = sizeProblem(type, url);
    if (tooLarge !== undefined) return wrong(`content[${index}].${type}.url ${tooLarge}`);
    // The one role that may be left out: a single image is the first frame.
    const role = item.role ?? (content.length <= 2 ? "first_frame" : undefined);
    if (role === undefined) return wrong(`content[${index}].role is required where there are several media`);
    media.push({ type, role, url, index });
  }
  const problem = mixProblem(texts, media) ?? orderProblem(content);
  return problem === undefined ? { kind: "read", prompt: texts.join("\n"), media } : wrong(problem);
}

function wrong(message: string): Content {
  return { kind: "wrong", message };
}

const DATA_URL = /^data:([^;,]*);base64,/;

/** What is wrong with an address that does not fit the schema. */
export function urlProblem(type: MediumType, url: string): string | undefined {
  if (url === "asset://") return "names no asset after asset://";
  if (!url.startsWith("data:"))
    return `must be an http(s) URL${type === "video_url" ? "" : ", a data URL"} or asset://ID`;
  if (type === "video_url") return "may not be Base64: a video has to be a URL or asset://ID";
  const medium = type.replace("_url", "");
  const [start, mime = ""] = DATA_URL.exec(url.slice(0, 200)) ?? [];
  if (start === undefined || mime === "") return `must begin with data:${medium}/FORMAT;base64,`;
  return url.length === start.length ? "is empty" : `has the unsupported format ${mime}`;
}

function sizeProblem(type: MediumType, url: string): string | undefined {
  if (!url.startsWith("data:")) return undefined;
  const { bytes } = type === "audio_url" ? AUDIO : IMAGE;
  const size = Math.floor(((url.length - url.indexOf(",") - 1) * 3) / 4);
  return size > bytes ? `is larger than ${bytes / 1024 / 1024} MB` : undefined;
}

const COUNTS = [
  ["reference_image", IMAGE.count],
  ["reference_video", VIDEO.count],
  ["reference_audio", AUDIO.count],
  ["first_frame", 1],
  ["last_frame", 1],
] as const;

function mixProblem(texts: readonly string[], media: readonly RequestMedium[]): string | undefined {
  if (texts.length > 1) return "content may hold one text only";
  for (const [role, most] of COUNTS) {
    const found = media.filter((medium) => medium.role === role);
    const extra = found[most];
    if (extra)
      return `content[${extra.index}]: at most ${most} of role ${role} are allowed, not ${found.length}`;
  }
  const frame = media.find(({ role }) => role === "first_frame" || role === "last_frame");
  const reference = media.find(({ role }) => role.startsWith("reference_"));
  if (frame && reference)
    return `content[${frame.index}] and content[${reference.index}]: ${frame.role} and ${reference.role} cannot be mixed in one request`;
  if (frame && !media.some(({ role }) => role === "first_frame"))
    return `content[${frame.index}]: last_frame needs a first_frame`;
  const audio = media.find(({ type }) => type === "audio_url");
  if (audio && media.every(({ type }) => type === "audio_url"))
    return `content[${audio.index}]: audio needs at least one image or video beside it`;
  return undefined;
}

const ORDER = ["text", "image_url", "video_url", "audio_url"] as const;

/** Prompts count the media by kind, which gateways are known to do in this order only. */
function orderProblem(content: readonly Item[]): string | undefined {
  const places = content.map(({ type }) => ORDER.indexOf(type));
  const index = places.findIndex((place, i) => i > 0 && place < (places[i - 1] ?? 0));
  return index === -1
    ? undefined
    : `content[${index}]: ${content[index]?.type} must stand before ${content[index - 1]?.type}; the order is ${ORDER.join(", ")}`;
}
