import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { AUDIO, fitsFps, fitsSeconds, IMAGE, megabytes, VIDEO } from "../base/limits.ts";
import type { MediaFacts } from "../base/media-facts.ts";
import type { Span } from "../base/source.ts";
import { filesOf, mediumOf, type MediaFile, type MediaIndex } from "./media-index.ts";
import type { AssetMedium, Medium, Storyboard } from "./types.ts";

type Facts<K extends MediaFacts["kind"]> = Extract<MediaFacts, { kind: K }>;

/** What is wrong with a file, and the limit that it does not keep. */
interface Fault {
  readonly message: string;
  readonly help: string;
}

const FORMATS = `images: ${IMAGE.formats.join(", ")}; videos: ${VIDEO.formats.join(", ")}; sounds: ${AUDIO.formats.join(", ")}`;
const SHOWN: Record<Medium, string> = { image: "a picture", video: "a video", audio: "a sound" };

/** Each local file that is named: there, readable, of a format and size that the service takes. */
export function checkMedia(storyboard: Storyboard, index: MediaIndex): Diagnostic[] {
  const files = [...filesOf(storyboard)].flatMap(([path, span]) => {
    const file = index.get(path);
    if (!file) return [];
    if (file.kind === "read") return checkFacts(file.facts, span);
    return [absent(file, span)];
  });
  const assets = [...storyboard.assets.values()];
  return [...files, ...assets.flatMap(({ media }) => media.flatMap((one) => checkDeclared(one, index)))];
}

function absent({ reason, near }: Extract<MediaFile, { kind: "absent" }>, span: Span): Diagnostic {
  const written = writtenAt(span);
  const help =
    near === undefined
      ? "check the path; it is relative to the file it stands in"
      : `write \`${written.slice(0, written.lastIndexOf("/") + 1)}${near}\``;
  return diagnose("media/unreadable", span, `\`${written}\` ${reason}`, { help });
}

/** An asset says which medium it is: the request would give a video the role of a picture. */
function checkDeclared({ medium, at, span }: AssetMedium, index: MediaIndex): Diagnostic[] {
  const found = mediumOf(at, new Map(), index);
  if (found === undefined || found === medium) return [];
  const message = `\`${writtenAt(span)}\` is ${SHOWN[found]}, but stands under \`${medium}\``;
  return [diagnose("media/wrong-kind", span, message, { help: `declare it under \`${found}\`` })];
}

function writtenAt({ source, start, end }: Span): string {
  return source.text.slice(start, end).replace(/^["']|["']$/g, "");
}

function checkFacts(facts: MediaFacts, span: Span): Diagnostic[] {
  const written = writtenAt(span);
  if (facts.kind === "unreadable")
    return [diagnose("media/bad-format", span, `\`${written}\`: ${facts.reason}`, { help: FORMATS })];
  const formats: readonly string[] = { image: IMAGE, video: VIDEO, audio: AUDIO }[facts.kind].formats;
  if (!formats.includes(facts.format)) {
    const message = `\`${written}\` is ${SHOWN[facts.kind]} in the format ${facts.format}`;
    return [diagnose("media/bad-format", span, message, { help: `convert it; ${FORMATS}` })];
  }
  const fault = limitFault(facts);
  if (!fault) return [];
  return [diagnose("media/limits", span, `\`${written}\` ${fault.message}`, { help: fault.help })];
}

/** The limit of the service that a readable file does not keep, in words that go on from its name. */
export function limitFault(facts: Exclude<MediaFacts, { kind: "unreadable" }>): Fault | undefined {
  switch (facts.kind) {
    case "image":
      return tooHeavy(facts.bytes, IMAGE, "picture") ?? badPicture(facts);
    case "video":
      return (
        tooHeavy(facts.bytes, VIDEO, "video") ?? badSeconds(facts.seconds, VIDEO, "video") ?? badVideo(facts)
      );
    case "audio":
      return tooHeavy(facts.bytes, AUDIO, "sound") ?? badSeconds(facts.seconds, AUDIO, "sound");
  }
}

function tooHeavy(bytes: number, limit: { readonly bytes: number }, noun: string): Fault | undefined {
  if (bytes <= limit.bytes) return undefined;
  const help = `a ${noun} has at most ${megabytes(limit.bytes)}`;
  return { message: `has ${megabytes(bytes)}`, help };
}

function badPicture({ width, height }: Facts<"image">): Fault | undefined {
  const { leastPixels, mostPixels, leastRatio, mostRatio } = IMAGE;
  if (Math.min(width, height) < leastPixels || Math.max(width, height) > mostPixels) {
    const help = `each side of a picture has ${leastPixels} to ${mostPixels.toLocaleString("en")} pixels`;
    return { message: `is ${width}×${height} pixels`, help };
  }
  const ratio = width / height;
  if (ratio >= leastRatio && ratio <= mostRatio) return undefined;
  const help = `width divided by height must be ${leastRatio} to ${mostRatio}: crop it`;
  return { message: `is ${width}×${height}, a ratio of ${ratio.toFixed(2)}`, help };
}

function badSeconds(
  seconds: number,
  limit: { readonly leastSeconds: number; readonly mostSeconds: number },
  noun: string,
): Fault | undefined {
  if (fitsSeconds(seconds, limit)) return undefined;
  const help = `a ${noun} lasts ${limit.leastSeconds} to ${limit.mostSeconds} seconds`;
  return { message: `lasts ${seconds.toFixed(1)} s`, help };
}

function badVideo({ fps, width, height }: Facts<"video">): Fault | undefined {
  if (!fitsFps(fps)) {
    const help = `a video has ${VIDEO.leastFps} to ${VIDEO.mostFps} pictures a second`;
    return { message: `has ${Number(fps.toFixed(2))} pictures a second`, help };
  }
  const area = width * height;
  if (area >= VIDEO.leastArea && area <= VIDEO.mostArea) return undefined;
  const [least, most] = [VIDEO.leastArea, VIDEO.mostArea].map((pixels) => pixels.toLocaleString("en"));
  const message = `is ${width}×${height}, ${area.toLocaleString("en")} pixels a picture`;
  const help = `width times height of a video must be ${least} to ${most}, such as 864×496 or 1280×720`;
  return { message, help };
}
