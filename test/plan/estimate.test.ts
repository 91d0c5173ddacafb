import { describe, expect, test } from "vitest";
import { DEFAULT_PRICES } from "../../src/base/prices.ts";
import { estimate, type Estimate } from "../../src/plan/estimate.ts";
import { buildGraph, longestRemaining } from "../../src/plan/graph.ts";
import { readText } from "../storyboard/read.ts";
import { film, loweredOf, plansOf, rendered, type Given } from "./planned.ts";

const estimated = (text: string, given: Given = {}, concurrency = 3): Estimate => {
  const read = readText(text);
  return estimate(plansOf(text, given), loweredOf(read), read.media, {
    concurrency,
    taskSeconds: 100,
    prices: DEFAULT_PRICES,
  });
};
const price = (text: string, scene: string): string => {
  const found = estimated(text).prices.get(scene);
  return found ? `${found.kind} ${found.tokens}` : "none";
};

/** Tokens of so many seconds at 1280 × 720, 24 frames a second. */
const tokens720 = (seconds: number): number => (seconds * 1280 * 720 * 24) / 1024;

describe("the price", () => {
  const chain = film("{ id: a, prompt: x, duration: 4 }", "{ id: b, extend: a, prompt: x, duration: 6 }");

  test("of a scene is its seconds times its pixels", () => {
    expect(price(chain, "a")).toBe(`exact ${tokens720(4)}`);
  });

  test("of a chain is exact: our own clips have a known length and shape", () => {
    expect(price(chain, "b")).toBe(`exact ${tokens720(4 + 6)}`);
    expect(estimated(chain).total).toMatchObject({ kind: "exact", tokens: tokens720(14) });
  });

  test("of a short source is at least five thirds of what is asked for", () => {
    const text = film("{ id: a, prompt: x, duration: 4 }", "{ id: b, extend: a, prompt: x, duration: 15 }");
    expect(price(text, "b")).toBe(`exact ${tokens720(25)}`);
  });

  test("of what follows a bridge counts the sources that it contains", () => {
    const text = film(
      ...["{ id: a, prompt: x, duration: 4 }", "{ id: b, prompt: x, duration: 4 }"],
      ...["{ id: c, bridge: [a, b], prompt: x, duration: 4 }", "{ id: d, edit: c, prompt: x, duration: 12 }"],
    );
    expect(price(text, "c")).toBe(`exact ${tokens720(12)}`);
    expect(price(text, "d")).toBe(`exact ${tokens720(24)}`);
  });

  test("of a local video is that of its real length", () => {
    expect(price(film("{ id: a, edit: ./a.mp4, prompt: x, ratio: 16:9 }"), "a")).toBe(
      `exact ${tokens720(5 + 5)}`,
    );
  });

  test("of a remote video is an upper bound, and says so", () => {
    expect(price(film('{ id: a, edit: "https://example.com/a.mp4", prompt: x, ratio: 16:9 }'), "a")).toMatch(
      /^upper-bound /,
    );
  });

  test("of `adaptive` is that of the first frame's shape", () => {
    expect(price(film("{ id: a, first_frame: ./a.png, ratio: adaptive }"), "a")).toBe(
      `exact ${tokens720(5)}`,
    );
    expect(price(film("{ id: a, prompt: x, ratio: adaptive }"), "a")).toMatch(/^upper-bound /);
  });

  test("counts each take, and nothing that is there already", () => {
    const three = film("{ id: a, prompt: x, takes: 3 }");
    expect(estimated(three).total.tokens).toBe(3 * tokens720(5));
    expect(estimated(three, { lock: rendered(three) }).total.tokens).toBe(2 * tokens720(5));
    const one = film("{ id: a, prompt: x }");
    expect(estimated(one, { lock: rendered(one) }).prices.size).toBe(0);
  });
});

describe("the time", () => {
  const forked = film(
    ...["{ id: a, prompt: x }", "{ id: b, extend: a, prompt: x }", "{ id: c, extend: b, prompt: x }"],
    ...["{ id: d, prompt: x }", "{ id: e, prompt: x }"],
  );

  test("rounds are the clips on the longest way", () => {
    expect(estimated(forked)).toMatchObject({ rounds: 3, criticalPath: ["a", "b", "c"] });
  });

  test("a clip that is there takes none", () => {
    const lock = rendered(film("{ id: a, prompt: x }"));
    expect(estimated(forked, { lock })).toMatchObject({ rounds: 2, criticalPath: ["b", "c"] });
  });

  test.each([
    [1, 500],
    [2, 300],
    [3, 300],
    [5, 300],
  ])("at %i in flight five tasks take %i s", (concurrency, seconds) => {
    expect(estimated(forked, {}, concurrency).seconds).toBe(seconds);
  });

  test("is that of the takes too, and at no number of tasks below the longest way", () => {
    const text = film("{ id: a, prompt: x, takes: 4 }", "{ id: b, extend: a, prompt: x, takes: 2 }");
    expect([1, 2, 4, 100].map((many) => estimated(text, {}, many).seconds)).toEqual([600, 300, 200, 200]);
  });

  test("of a scene behind clips that are there is that of the scene", () => {
    const lock = rendered(film("{ id: a, prompt: x }", "{ id: b, extend: a, prompt: x }"));
    expect(estimated(forked, { lock }, 1).seconds).toBe(300);
  });

  test("of nothing is nothing", () => {
    const one = film("{ id: a, prompt: x }");
    expect(estimated(one, { lock: rendered(one) })).toMatchObject({
      rounds: 0,
      seconds: 0,
      total: { tokens: 0, amount: 0, currency: "USD" },
    });
  });
});

describe("the graph", () => {
  const { storyboard } = readText(
    film(
      "{ id: b, first_frame: a.last_frame, last_frame: a.first_frame }",
      "{ id: a, prompt: x }",
      "{ id: c, edit: a, prompt: '@b' }",
    ),
  );
  const graph = buildGraph(storyboard, ["b", "c"]);

  test("has each step after those that it needs", () => {
    expect(graph.steps.map(({ id }) => id)).toEqual([
      ...["generate:a", "frame:a.last", "frame:a.first", "generate:b", "generate:c", "film"],
    ]);
  });

  test("knows both directions", () => {
    expect(graph.needs.get("generate:b")).toEqual(["frame:a.last", "frame:a.first"]);
    expect(graph.needs.get("generate:c")).toEqual(["generate:a", "generate:b"]);
    expect(graph.feeds.get("generate:a")).toEqual(["frame:a.last", "frame:a.first", "generate:c"]);
    expect(graph.needs.get("film")).toEqual(["generate:b", "generate:c"]);
  });

  test("knows what hangs on a step", () => {
    const remaining = longestRemaining(graph, ({ kind }) => (kind === "generate" ? 1 : 0));
    expect([...remaining]).toEqual([
      ...[
        ["film", 0],
        ["generate:c", 1],
        ["generate:b", 2],
        ["frame:a.first", 2],
        ["frame:a.last", 2],
        ["generate:a", 3],
      ],
    ]);
  });
});
