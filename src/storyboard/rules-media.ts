import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import type { MediaFacts } from "../base/media-facts.ts";
import type { Span } from "../base/source.ts";
import { filesOf, type MediaIndex } from "./media-index.ts";
import type { Storyboard } from "./types.ts";

const MB = 1024 * 1024;
/** A clip of 5 s has 121 frames, so limits in seconds need a little room. */
const SLACK = 0.25;

/** Each local file that is named: there, readable, of a format and size that the service takes. */
export function checkMedia(storyboard: Storyboard, index: MediaIndex): Diagnostic[] {
  return [...filesOf(storyboard)].flatMap(([path, span]) => {
    const file = index.get(path);
    const written = span.source.text.slice(span.start, span.end).replace(/^["']|["']$/g, "");
    if (!file) return [];
    if (file.kind === "absent") {
      const help = "check the path; it is relative to the storyboard";
      return [diagnose("media/unreadable", span, `\`${written}\` ${file.reason}`, { help })];
    }
    return checkFacts(file.facts, written, span);
  });
}

function checkFacts(facts: MediaFacts, written: string, span: Span): Diagnostic[] {
  const limit = (message: string, help: string): Diagnostic[] => [
    diagnose("media/limits", span, `\`${written}\` ${message}`, { help }),
  ];
  switch (facts.kind) {
    case "unreadable": {
      const help = "images: jpeg, png, webp, bmp, tiff, gif; videos: mp4, mov; sounds: wav, mp3";
      return [diagnose("media/bad-format", span, `\`${written}\` ${facts.reason}`, { help })];
    }
    case "image": {
      if (facts.bytes > 30 * MB) return limit(`has ${megabytes(facts.bytes)}`, "a picture has at most 30 MB");
      const { width, height } = facts;
      if (Math.min(width, height) < 300 || Math.max(width, height) > 6000) {
        return limit(`is ${width}×${height} pixels`, "each side of a picture has 300 to 6,000 pixels");
      }
      const ratio = width / height;
      return ratio < 0.4 || ratio > 2.5
        ? limit(
            `is ${width}×${height}, a ratio of ${ratio.toFixed(2)}`,
            "width divided by height must be 0.4 to 2.5: crop it",
          )
        : [];
    }
    case "video":
      if (facts.bytes > 50 * MB) return limit(`has ${megabytes(facts.bytes)}`, "a video has at most 50 MB");
      return badSeconds(facts.seconds)
        ? limit(`lasts ${facts.seconds.toFixed(1)} s`, "a video lasts 2 to 15 seconds")
        : [];
    case "audio":
      if (facts.bytes > 15 * MB) return limit(`has ${megabytes(facts.bytes)}`, "a sound has at most 15 MB");
      return badSeconds(facts.seconds)
        ? limit(`lasts ${facts.seconds.toFixed(1)} s`, "a sound lasts 2 to 15 seconds")
        : [];
  }
}

function badSeconds(seconds: number): boolean {
  return seconds < 2 - SLACK || seconds > 15 + SLACK;
}

function megabytes(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`;
}
