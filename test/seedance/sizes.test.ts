import { describe, expect, test } from "vitest";
import { FIXED_RATIOS, fitsSeconds, fitsSum, RESOLUTIONS, VIDEO } from "../../src/base/limits.ts";
import { framesOf, largestSize, nearestRatio, outputSize } from "../../src/base/sizes.ts";

describe("sizes", () => {
  test("adaptive has no size of its own", () => {
    expect(outputSize("720p", "adaptive")).toBeUndefined();
    expect(largestSize("720p")).toEqual({ width: 1112, height: 834 });
    expect(largestSize("480p")).toEqual({ width: 864, height: 496 });
  });

  test("every size is nearest to its own ratio, has even sides and is allowed as an input", () => {
    for (const resolution of RESOLUTIONS)
      for (const ratio of FIXED_RATIOS) {
        const { width, height } = outputSize(resolution, ratio);
        expect(nearestRatio(width, height)).toBe(ratio);
        expect((width % 2) + (height % 2)).toBe(0);
        expect(width * height).toBeGreaterThanOrEqual(VIDEO.leastArea);
      }
  });

  test.each([
    [1920, 1080, "16:9"],
    [3000, 2000, "4:3"],
    [1080, 1920, "9:16"],
    [2560, 1080, "21:9"],
    [512, 512, "1:1"],
    [0, 100, "16:9"],
    [Number.NaN, 1, "16:9"],
  ] as const)("%d × %d is nearest to %s", (width, height, ratio) => {
    expect(nearestRatio(width, height)).toBe(ratio);
  });

  test("a clip has one frame more than its seconds hold", () => {
    expect(framesOf(5)).toBe(121);
  });
});

describe("seconds", () => {
  test("a clip of the service itself fits where its asked length would", () => {
    expect(fitsSeconds(framesOf(15) / 24, VIDEO)).toBe(true);
    expect(fitsSeconds(1.8, VIDEO)).toBe(true);
    expect(fitsSeconds(15.3, VIDEO)).toBe(false);
    expect(fitsSum([121 / 24, 121 / 24, 121 / 24], VIDEO)).toBe(true);
    expect(fitsSum([8, 8], VIDEO)).toBe(false);
  });
});
