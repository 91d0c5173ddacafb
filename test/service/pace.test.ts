import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextLook, PACE, type Looks, type Pace } from "../../src/service/pace.ts";

const look = (looks: Partial<Looks>, pace: Pace = PACE, chance = 0): number =>
  nextLook({ ageSeconds: 0, made: 0, failed: 0, known: [], ...looks }, pace, chance) / 1000;

/** The ages at which a task is looked at until it has ended. */
function ages(duration: number, known: readonly number[], pace: Pace = PACE): number[] {
  const seen: number[] = [];
  for (let age = 0; age < duration;) {
    age += look({ ageSeconds: age, made: seen.length, known }, pace);
    seen.push(Math.round(age * 10) / 10);
  }
  return seen;
}

describe("the first look", () => {
  test("is after --poll-first, whatever time has gone of it", () => {
    expect([look({}), look({ ageSeconds: 5 }), look({ ageSeconds: 500 })]).toEqual([20, 15, 0]);
  });

  test("comes later where no task of its kind has ended so soon, the later the more are known", () => {
    expect([1, 5, 20, 50].map((count) => Math.round(look({ known: Array(count).fill(100) })))).toEqual([
      20, 56, 83, 93,
    ]);
  });

  test("is moved by nothing where a person has set it, and never to an earlier time", () => {
    expect(look({ known: Array(50).fill(100) }, { ...PACE, isFirstFixed: true })).toBe(20);
    expect(look({ known: Array(50).fill(4) })).toBe(20);
  });
});

describe("between looks", () => {
  test("a task of which nothing is known is looked at seldom until it may end, then each time when a ninth of its age has passed", () => {
    expect(ages(150, [])).toEqual([
      20, 35, 50, 60, 66.9, 74.6, 83.2, 92.7, 103.4, 115.3, 128.6, 143.3, 158.3,
    ]);
  });

  test("one of which much is known needs fewer looks to be seen as soon", () => {
    expect(ages(150, Array(40).fill(120))).toEqual([109.1, 121.6, 135.6, 150.6]);
  });

  test("never more than --poll-every", () => {
    expect(look({ ageSeconds: 600, made: 9 })).toBe(15);
    expect(look({ ageSeconds: 20, made: 1, known: Array(50).fill(500) })).toBe(15);
    expect(look({ ageSeconds: 5, made: 1 }, { pollFirst: 0.2, pollEvery: 0.15 })).toBe(0.15);
  });

  test("chance shortens them by a tenth at most", () => {
    expect(look({ ageSeconds: 600, made: 9 }, PACE, 1)).toBe(13.5);
    expect(look({ ageSeconds: 600, made: 9 }, PACE, 0.5)).toBe(14.25);
  });

  test("any task that ends after the earliest end that is believed is seen within an eighth of its duration", () => {
    const known = fc.array(fc.double({ min: 30, max: 900, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.double({ min: 60, max: 149, noNaN: true }), known, (duration, times) => {
        const looks = ages(duration, times);
        const late = (looks.at(-1) ?? 0) - duration;
        if (duration >= (looks[0] ?? 0) + 15) expect(late / duration).toBeLessThanOrEqual(0.125);
      }),
    );
  });
});

describe("tasks that last as those of the service are reported to", () => {
  /** From one to five minutes, skewed: the quantiles of a log-normal distribution, and one in forty of ten minutes. */
  const durations = Array.from({ length: 400 }, (_, i) =>
    i % 40 === 0 ? 600 + i / 10 : 130 * Math.exp(0.48 * probit((i + 0.5) / 400)),
  );
  const middle = (values: number[], part = 0.5): number =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? NaN;

  test.each([[[]], [durations.filter((_, i) => i % 10 === 5)]])(
    "are seen within a tenth of their duration, nine of ten, with twelve looks in the median",
    (known) => {
      const seen = durations.map((duration) => ages(duration, known));
      const late = seen.map((looks, i) => (looks.at(-1) ?? NaN) / (durations[i] ?? NaN) - 1);
      expect(middle(late)).toBeLessThan(0.06);
      expect(middle(late, 0.9)).toBeLessThan(0.1);
      expect(middle(seen.map((looks) => looks.length))).toBeLessThanOrEqual(12);
    },
  );
});

/** The inverse of the normal distribution, near enough. */
function probit(p: number): number {
  const t = Math.sqrt(-2 * Math.log(Math.min(p, 1 - p)));
  const x =
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
  return p < 0.5 ? -x : x;
}

describe("looks that fail", () => {
  test.each([
    [{ failed: 1 }, 30],
    [{ failed: 9 }, 60],
    [{ failed: 1, retryAfterMs: 90_000 }, 90],
    [{ failed: 0, retryAfterMs: 1000 }, 5.75],
  ])("%j: the next one in %d s", (looks, wait) => {
    expect(look({ ageSeconds: 50, made: 3, ...looks, known: [10] })).toBe(wait);
  });

  test("what the service asks for is waited before the first look too", () => {
    expect(look({ ageSeconds: 500, retryAfterMs: 7000 })).toBe(7);
  });
});
