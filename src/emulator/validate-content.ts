import { AUDIO, IMAGE, VIDEO } from "../base/limits.ts";
import type { MediumType, RequestMedium, Role } from "./request.ts";

export type Fields = Record<string, unknown>;

type Content =
  | { readonly kind: "read"; readonly prompt: string; readonly media: readonly RequestMedium[] }
  | { readonly kind: "wrong"; readonly message: string; readonly code?: string };

const TYPES: readonly MediumType[] = ["image_url", "video_url", "audio_url"];
const ROLES: Readonly<Record<MediumType, readonly Role[]>> = {
  image_url: ["first_frame", "last_frame", "reference_image"],
  video_url: ["reference_video"],
  audio_url: ["reference_audio"],
};

/** Checks the items one by one, then what they are together. */
export function checkContent(content: unknown): Content {
  if (!Array.isArray(content) || content.length === 0)
    return {
      kind: "wrong",
      message: "content must be a list with at least one item",
      code: "MissingParameter",
    };
  const texts: string[] = [];
  const media: RequestMedium[] = [];
  for (const [index, item] of (content as unknown[]).entries()) {
    const read = readItem(item, index, content.length);
    if (typeof read === "string") return { kind: "wrong", message: `content[${index}]${read}` };
    if (read.type === "text") texts.push(read.text);
    else media.push(read);
  }
  const problem = mixProblem(texts, media);
  return problem === undefined
    ? { kind: "read", prompt: texts.join("\n"), media }
    : { kind: "wrong", message: problem };
}

type Item = { readonly type: "text"; readonly text: string } | RequestMedium;

/** The item, or what is wrong with it, to be read after `content[n]`. */
function readItem(item: unknown, index: number, count: number): Item | string {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return " must be an object";
  const fields = item as Fields;
  if (fields.type === "text") return readText(fields);
  const type = TYPES.find((known) => known === fields.type);
  if (type === undefined)
    return `.type must be one of text, ${TYPES.join(", ")}, not ${JSON.stringify(fields.type)}`;
  const unknown = Object.keys(fields).find((name) => !["type", "role", type].includes(name));
  if (unknown !== undefined) return `.${unknown} is not a parameter of an item of type ${type}`;
  return readMedium(type, fields, index, count);
}

function readText(fields: Fields): Item | string {
  const unknown = Object.keys(fields).find((name) => !["type", "text"].includes(name));
  if (unknown !== undefined) return `.${unknown} is not a parameter of a text`;
  if (typeof fields.text !== "string" || fields.text.trim() === "") return ".text must not be empty";
  return { type: "text", text: fields.text };
}

function readMedium(type: MediumType, fields: Fields, index: number, count: number): Item | string {
  const holder = fields[type];
  const url = typeof holder === "object" && holder !== null ? (holder as Fields).url : undefined;
  if (typeof url !== "string" || url === "") return `.${type}.url is required`;
  if (Object.keys(holder as Fields).length > 1) return `.${type} may hold nothing but url`;
  const problem = urlProblem(type, url);
  if (problem !== undefined) return `.${type}.url ${problem}`;
  // The one role that may be left out: a single image is the first frame.
  const role = fields.role ?? (type === "image_url" && count <= 2 ? "first_frame" : undefined);
  const known = ROLES[type].find((one) => one === role);
  if (known === undefined)
    return `.role must be ${ROLES[type].join(" or ")} for ${type}, not ${JSON.stringify(role)}`;
  return { type, role: known, url, index };
}

function urlProblem(type: MediumType, url: string): string | undefined {
  if (url.startsWith("asset://"))
    return url.length > "asset://".length ? undefined : "names no asset after asset://";
  if (url.startsWith("data:")) return dataUrlProblem(type, url);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return "must be an http(s) URL, a data URL or asset://ID";
  return undefined;
}

const DATA_LIMITS = {
  image_url: { prefix: "image", formats: [...IMAGE.formats, "jpg", "x-ms-bmp"], bytes: IMAGE.bytes },
  audio_url: { prefix: "audio", formats: [...AUDIO.formats, "x-wav", "wave", "mpeg"], bytes: AUDIO.bytes },
};

function dataUrlProblem(type: MediumType, url: string): string | undefined {
  if (type === "video_url") return "may not be Base64: a video has to be a URL or asset://ID";
  const { prefix, formats, bytes } = DATA_LIMITS[type];
  const [, mime = ""] = /^data:([^;,]*);base64,/i.exec(url.slice(0, 200)) ?? [];
  if (mime === "") return `must begin with data:${prefix}/FORMAT;base64,`;
  if (!formats.some((format) => mime.toLowerCase() === `${prefix}/${format}`))
    return `has the unsupported format ${mime}`;
  const size = Math.floor(((url.length - url.indexOf(",") - 1) * 3) / 4);
  if (size === 0) return "is empty";
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
