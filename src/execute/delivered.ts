import { framesOf, nearestRatio, outputSize } from "../base/sizes.ts";
import type { MediaFacts } from "../base/media-facts.ts";
import type { LoweredScene } from "../seedance/lower.ts";

type Delivered = Extract<MediaFacts, { kind: "video" }>;

/** Of the pixels of a size that the service may choose itself: it rounds to what its codec likes. */
const PIXEL_SLACK = 0.1;
const SECONDS_SLACK = 0.1;

/** What came otherwise than asked, in words. It is kept with the take, since the money is spent. */
export function compareDelivered(asked: LoweredScene, delivered: Delivered): string[] {
  return [
    sizeDifference(asked, delivered),
    lengthDifference(asked, delivered),
    soundDifference(asked, delivered),
  ].filter((difference) => difference !== undefined);
}

function sizeDifference(
  { resolution, ratio }: LoweredScene,
  { width, height }: Delivered,
): string | undefined {
  const size = outputSize(resolution, ratio);
  if (size) {
    const isSame = size.width === width && size.height === height;
    return isSame ? undefined : `${width}×${height} came, ${size.width}×${size.height} was asked`;
  }
  const likely = outputSize(resolution, nearestRatio(width, height));
  const share = (width * height) / (likely.width * likely.height);
  return Math.abs(share - 1) > PIXEL_SLACK
    ? `${width}×${height} came, which is not ${resolution}`
    : undefined;
}

/** A bridge holds its sources as well, of which the request does not know the length. */
function lengthDifference(
  { duration, items }: LoweredScene,
  { frames, seconds }: Delivered,
): string | undefined {
  const wanted = framesOf(duration);
  const came = Math.round(seconds * 100) / 100;
  const isBridge = items.filter(({ type }) => type === "video_url").length > 1;
  if (isBridge)
    return seconds < duration - SECONDS_SLACK
      ? `${came} s came, more than ${duration} s were asked`
      : undefined;
  if (Math.abs(frames - wanted) > 1) return `${frames} frames (${came} s) came, ${wanted} were asked`;
  return Math.abs(seconds - wanted / 24) > SECONDS_SLACK
    ? `${came} s came, ${duration} s were asked`
    : undefined;
}

function soundDifference({ generate_audio }: LoweredScene, { sound }: Delivered): string | undefined {
  if (generate_audio === sound) return undefined;
  return sound ? "no sound was asked, but some came" : "sound was asked, none came";
}
