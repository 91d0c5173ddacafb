import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findLost, type Found, type Listing, type LostRequest } from "../../src/execute/find-lost.ts";
import type { ListedTask } from "../../src/seedance/listing.ts";

const AT = Date.UTC(2026, 7, 1, 12);
const RECIPE = {
  model: "seedance-2.0-mini",
  resolution: "480p",
  ratio: "16:9",
  duration: 4,
  generate_audio: true,
};
const lost = (seconds = 0, recipe: Partial<LostRequest["recipe"]> = {}): LostRequest => ({
  at: AT + seconds * 1000,
  recipe: { ...RECIPE, ...recipe },
});
const task = (id: string, seconds = 2, more: Partial<ListedTask> = {}): ListedTask => ({
  ...{ id, createdAt: AT + seconds * 1000, model: "doubao-seedance-2-0-mini-260428" },
  ...{ resolution: "480p", ratio: "16:9", duration: 4, generateAudio: true },
  ...more,
});
const find = (
  tasks: ListedTask[],
  others: LostRequest[] = [],
  more: Partial<Listing> = {},
  wanted = lost(),
): Found => findLost(wanted, others, { tasks, known: new Set(), ahead: 0, slack: 3000, ...more });

describe("the one task that fits is found", () => {
  test.each<[string, ListedTask, LostRequest?]>([
    ["with everything the list says", task("a")],
    ["with what little it says", { id: "a", createdAt: AT + 2000 }],
    ["created late, behind a slow gateway", task("a", 299)],
    ["created in the second before, by rounding", task("a", -1)],
    ["under the model's own name", task("a", 2, { model: "seedance-2.0-mini" })],
    ["under an endpoint of one's own", task("a"), lost(0, { model: "ep-2026-x" })],
    [
      "of any ratio, where it was left to the service",
      task("a", 2, { ratio: "4:3" }),
      lost(0, { ratio: "adaptive" }),
    ],
  ])("%s", (_, listed, wanted = lost()) => {
    expect(find([listed], [], {}, wanted)).toEqual({ kind: "found", task: "a" });
  });

  test("by the provider's clock, whatever ours says", () => {
    const hours = 5 * 3600;
    expect(find([task("a", hours)], [], { ahead: hours * 1000 })).toEqual({ kind: "found", task: "a" });
    expect(find([task("a", -hours)], [], { ahead: -hours * 1000 }).kind).toBe("found");
    expect(find([task("a", hours)]).kind).toBe("none");
  });

  test("among tasks that something speaks against", () => {
    const others = [task("b", 2, { duration: 5 }), task("c", 3600), task("d", 2, { generateAudio: false })];
    expect(find([...others, task("a")])).toEqual({ kind: "found", task: "a" });
  });
});

describe("none is found", () => {
  test.each<[string, ListedTask]>([
    ["earlier than the request", task("a", -60)],
    ["long after it", task("a", 3600)],
    ["of another model", task("a", 2, { model: "doubao-seedance-2-0-pro-260428" })],
    ["of another resolution", task("a", 2, { resolution: "720p" })],
    ["of another ratio", task("a", 2, { ratio: "9:16" })],
    ["of another length", task("a", 2, { duration: 5 })],
    ["without the sound that was asked", task("a", 2, { generateAudio: false })],
  ])("%s", (_, listed) => {
    expect(find([listed])).toEqual({ kind: "none" });
  });

  test("that is a take already", () => {
    expect(find([task("a")], [], { known: new Set(["a"]) })).toEqual({ kind: "none" });
  });
});

describe("nothing is guessed", () => {
  test("where two tasks fit", () => {
    expect(find([task("a"), task("b")])).toEqual({ kind: "several", tasks: ["a", "b"] });
  });

  test("where another lost request could be it, or one that is on its way now", () => {
    expect(find([task("a")], [lost(1)])).toEqual({ kind: "several", tasks: ["a"] });
  });

  test("but another request that cannot be it does not matter", () => {
    expect(find([task("a")], [lost(600), lost(0, { duration: 5 })]).kind).toBe("found");
  });

  test("whatever the list holds, no task is given to two requests, and none that does not fit", () => {
    const request = fc.record({ at: fc.integer({ min: 0, max: 900 }), duration: fc.constantFrom(4, 5) });
    const listed = fc.record({
      at: fc.integer({ min: -60, max: 1300 }),
      duration: fc.constantFrom(4, 5, undefined),
    });
    fc.assert(
      fc.property(
        fc.array(request, { maxLength: 5 }),
        fc.array(listed, { maxLength: 6 }),
        (requests, tasks) => {
          const all = requests.map(({ at, duration }) => lost(at, { duration }));
          const listing = tasks.map(({ at, duration }, i) => {
            const { id, createdAt, model = "" } = task(`t${i}`, at);
            return { id, createdAt, model, ...(duration !== undefined && { duration }) };
          });
          const found = all.map((one) =>
            find(
              listing,
              all.filter((other) => other !== one),
              {},
              one,
            ),
          );
          const ids = found.flatMap((one) => (one.kind === "found" ? [one.task] : []));
          expect(new Set(ids).size).toBe(ids.length);
          for (const [i, one] of found.entries()) {
            if (one.kind !== "found") continue;
            const created = listing.find(({ id }) => id === one.task)?.createdAt ?? NaN;
            expect(created).toBeGreaterThanOrEqual((all[i]?.at ?? NaN) - 3000);
          }
        },
      ),
    );
  });
});
