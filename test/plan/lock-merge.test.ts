import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../src/base/digest.ts";
import { formatLock } from "../../src/plan/lock-format.ts";
import { mergeLocks } from "../../src/plan/lock-merge.ts";
import { parseLock } from "../../src/plan/lock-read.ts";
import { EMPTY_LOCK, type Lock, type LockedScene, type Take } from "../../src/plan/lock.ts";
import { mergeLockTexts } from "../../src/plan/merge-texts.ts";
import { mergeNoteText } from "../../src/plan/merge-notes.ts";
import { clip, doneTake, STATES } from "../support/takes.ts";
import { takeOf as takeOfState, type TaskState } from "../../src/execute/protocol.ts";
import { forks } from "./locks.ts";

const scene = (selected: LockedScene["selected"], ...takes: readonly Take[]): Lock => ({
  scenes: new Map([["dawn", { selected, takes }]]),
});
const merged = (base: Lock, ours: Lock, theirs: Lock) => mergeLocks({ base, ours, theirs });
/** `dawn: #1 task-1 done, #2 task-2 done; main 2`. */
const shown = ({ scenes }: Lock): string =>
  [...scenes]
    .map(([id, { selected, kept, takes }]) => {
      const list = takes.map(({ take, task, state }) => `#${take} ${task ?? "-"} ${state}`).join(", ");
      const chosen = Object.entries(selected).map(([variant, take]) => `${variant} ${take}`);
      const held = Object.entries(kept ?? {}).map(([variant, one]) => `kept ${variant} ${one.slice(0, 4)}`);
      return `${id}: ${[list, ...chosen, ...held].join("; ")}`;
    })
    .join(" | ");

const [ONE, OURS, THEIRS] = [doneTake(1, "one"), doneTake(2, "ours"), doneTake(2, "theirs")] as const;
const BASE = scene({ main: 1 }, ONE);
const our = (more: Partial<Take> = {}): Take => ({
  ...OURS,
  task: "task-ours",
  at: "2026-01-01T00:00:01.000Z",
  ...more,
});
const their = (more: Partial<Take> = {}): Take => ({
  ...THEIRS,
  task: "task-theirs",
  at: "2026-01-01T00:00:02.000Z",
  ...more,
});

describe("a scene that both have rendered keeps both takes", () => {
  test("ours with their numbers, theirs after them; what ours have selected stays, and that is told", () => {
    const { lock, notes } = merged(BASE, scene({ main: 2 }, ONE, our()), scene({ main: 2 }, ONE, their()));
    expect(shown(lock)).toBe("dawn: #1 task-1 done, #2 task-ours done, #3 task-theirs done; main 2");
    expect(notes.map(mergeNoteText)).toEqual([
      "`dawn`: take 2 of the other side is take 3 now",
      "`dawn`: both sides have selected another take; yours, take 2, stays; theirs is take 3: `storyc pick dawn 3`",
    ]);
  });

  test("also where neither side had the scene before", () => {
    const { lock } = merged(EMPTY_LOCK, scene({ main: 2 }, our()), scene({ main: 2 }, their()));
    expect(shown(lock)).toBe("dawn: #2 task-ours done, #3 task-theirs done; main 2");
  });

  test("and also where both have got the same bytes: two tasks were paid", () => {
    const same = clip("same");
    const { lock } = merged(
      BASE,
      scene({ main: 2 }, ONE, our({ clip: same })),
      scene({ main: 2 }, ONE, their({ clip: same })),
    );
    expect(shown(lock)).toContain("#2 task-ours done, #3 task-theirs done");
  });

  test("a number that is free is kept", () => {
    const { lock, notes } = merged(BASE, BASE, scene({ main: 5 }, ONE, their({ take: 5 })));
    expect([shown(lock), notes]).toEqual(["dawn: #1 task-1 done, #5 task-theirs done; main 5", []]);
  });
});

describe("one take that both know is one", () => {
  const of = (state: TaskState): Take => {
    const take = takeOfState(1, state);
    if (!take) throw new Error("no take");
    return take;
  };
  const { unknown, submitted, refused, done, abandoned, failed } = STATES;

  test.each([
    ["unknown", "submitted", unknown, submitted],
    ["unknown", "refused", unknown, refused],
    ["unknown", "abandoned", unknown, abandoned],
    ["abandoned", "submitted", abandoned, submitted],
    ["submitted", "failed", submitted, failed],
    ["submitted", "done", submitted, done],
  ])("%s gives way to %s, on whichever side", (_, further, less, more) => {
    for (const [ours, theirs] of [
      [less, more],
      [more, less],
    ] as const) {
      const { lock } = merged(EMPTY_LOCK, scene({}, of(ours)), scene({}, of(theirs)));
      expect(lock.scenes.get("dawn")?.takes.map(({ state }) => state)).toEqual([further]);
    }
  });

  test("under two numbers", () => {
    const { lock } = merged(
      BASE,
      scene({ main: 1 }, ONE, our({ take: 3 })),
      scene({ main: 2 }, ONE, our({ take: 2 })),
    );
    expect(shown(lock)).toBe("dawn: #1 task-1 done, #3 task-ours done; main 3");
  });

  test("a lost request for which two people have found two tasks is two takes", () => {
    const found = (task: string): Lock => scene({}, of({ ...submitted, task }));
    const { lock } = merged(scene({}, of(unknown)), found("one"), found("two"));
    expect(shown(lock)).toBe("dawn: #1 one submitted, #2 two submitted");
  });

  test("requests that were sent in the same moment stay as many as they were", () => {
    const three = scene({}, ...[1, 2, 3].map((take) => ({ ...of(unknown), take })));
    expect(shown(merged(EMPTY_LOCK, three, three).lock)).toBe(
      "dawn: #1 - unknown, #2 - unknown, #3 - unknown",
    );
  });
});

describe("what is selected and kept", () => {
  const both = [ONE, our()] as const;
  const kept = (lock: Lock, fingerprint: string): Lock => ({
    scenes: new Map(
      [...lock.scenes].map(([id, one]) => [id, { ...one, kept: { main: fingerprint.repeat(64) } }]),
    ),
  });

  test.each([
    ["only theirs have changed", scene({ main: 1 }, ...both), scene({ main: 2 }, ...both), "main 2"],
    ["only ours have changed", scene({ main: 2 }, ...both), scene({ main: 1 }, ...both), "main 2"],
    [
      "each another film",
      scene({ main: 1, draft: 2 }, ...both),
      scene({ main: 2 }, ...both),
      "main 2; draft 2",
    ],
    [
      "theirs have kept a take",
      scene({ main: 1 }, ...both),
      kept(scene({ main: 1 }, ...both), "a"),
      "main 1; kept main aaaa",
    ],
    [
      "what theirs have kept is not true of the take that ours have picked",
      scene({ main: 2 }, ...both),
      kept(scene({ main: 1 }, ...both), "a"),
      "main 2",
    ],
    [
      "what ours have kept is not true of the take that theirs have picked",
      kept(scene({ main: 1 }, ...both), "a"),
      scene({ main: 2 }, ...both),
      "main 2",
    ],
  ])("%s", (_, ours, theirs, expected) => {
    const { lock, notes } = merged(scene({ main: 1 }, ...both), ours, theirs);
    expect(shown(lock).split("done; ").at(-1)).toBe(expected);
    expect(notes).toEqual([]);
  });

  test("kept by both for different changes: ours stays, and that is told", () => {
    const base = scene({ main: 1 }, ...both);
    const { lock, notes } = merged(base, kept(base, "a"), kept(base, "b"));
    expect(shown(lock)).toContain("kept main aaaa");
    expect(notes.map(mergeNoteText)).toEqual([
      "`dawn`: both sides have kept take 1 for another change; yours stays: look at `storyc plan`",
    ]);
  });
});

describe("what a newer minor version has added", () => {
  const later = (value: unknown): Lock => ({ ...BASE, later: { stores: value } });

  test.each([
    [{ a: 1 }, { a: 1 }, { a: 2 }, { a: 2 }],
    [{ a: 1 }, { a: 2 }, { a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: 1, b: 2 }, { a: 1, c: 3 }, { a: 1, b: 2, c: 3 }],
    [{ a: 1 }, {}, { a: 1 }, {}],
  ])("%j, ours %j, theirs %j: %j", (base, ours, theirs, expected) => {
    expect(merged(later(base), later(ours), later(theirs))).toMatchObject({
      lock: { later: { stores: expected } },
      notes: [],
    });
  });

  test("where both have changed it ours stays, and that is told", () => {
    const { lock, notes } = merged(later({ a: 1 }), later({ a: 2 }), later({ a: 3 }));
    expect([lock.later, notes.map(mergeNoteText)]).toEqual([
      { stores: { a: 2 } },
      ["both sides have changed `stores.a`, which a newer storyc has written; yours stays"],
    ]);
  });
});

test("bytes that both have put into the library: the one that is further stays, the other is told", () => {
  const library = (state: "processing" | "active", id: string): Lock => ({
    ...EMPTY_LOCK,
    library: new Map([["anyfast", new Map([["a".repeat(64), { state, id, at: ONE.at }]])]]),
  });
  const { lock, notes } = merged(EMPTY_LOCK, library("processing", "x"), library("active", "y"));
  expect(lock.library?.get("anyfast")?.get("a".repeat(64))?.id).toBe("y");
  expect(notes.map(mergeNoteText)[0]).toContain("asset://x is not used any more");
});

const withoutNumber = (take: Take): string => canonicalJson({ ...take, take: undefined });
const takesIn = (lock: Lock): [string, Take][] =>
  [...lock.scenes].flatMap(([id, { takes }]) => takes.map((take): [string, Take] => [id, take]));
const text = (lock: Lock): string => formatLock(lock);

describe("of any two locks that began with the same one", () => {
  const RUNS = { numRuns: 400 };

  test("no take is lost, no number given twice, no state goes back", () => {
    fc.assert(
      fc.property(forks(), ({ base, ours, theirs }) => {
        const { lock } = merged(base, ours, theirs);
        const all = takesIn(lock);
        const known = [...takesIn(ours), ...takesIn(theirs)];
        // Each request of these locks has a moment of its own.
        const moments = (takes: readonly [string, Take][]): string[] =>
          takes.map(([id, { at }]) => `${id} ${at}`).sort();
        expect(moments(all)).toEqual([...new Set(moments(known))]);
        for (const [id, take] of known) {
          const [, kept] = all.find(([at, one]) => at === id && one.at === take.at) ?? [];
          if (take.task !== undefined) expect(kept?.task).toBe(take.task);
          if (take.clip) expect(kept?.clip).toEqual(take.clip);
        }
        for (const [id, one] of takesIn(ours)) {
          const same = lock.scenes.get(id)?.takes.find(({ take }) => take === one.take);
          expect(same?.at).toBe(one.at);
        }
        expect(parseLock("", "", text(lock)).diagnostics).toEqual([]);
      }),
      RUNS,
    );
  });

  test("merging a side with itself gives that side", () => {
    fc.assert(
      fc.property(forks(), ({ base, ours }) => {
        expect(text(merged(base, ours, ours).lock)).toBe(text(ours));
        expect(text(merged(base, base, ours).lock)).toBe(text(ours));
        expect(text(merged(base, ours, base).lock)).toBe(text(ours));
      }),
      RUNS,
    );
  });

  test("a second merge of the same side changes nothing", () => {
    fc.assert(
      fc.property(forks(), ({ base, ours, theirs }) => {
        const { lock } = merged(base, ours, theirs);
        const again = merged(base, lock, theirs);
        expect(text(again.lock)).toBe(text(lock));
        expect(text(merged(theirs, lock, theirs).lock)).toBe(text(lock));
      }),
      RUNS,
    );
  });

  test("the other way round the same takes come out, and the same selection where nothing is told", () => {
    fc.assert(
      fc.property(forks(), ({ base, ours, theirs }) => {
        const one = merged(base, ours, theirs);
        const other = merged(base, theirs, ours);
        const bag = ({ lock }: typeof one): string[] =>
          takesIn(lock)
            .map(([id, take]) => `${id} ${withoutNumber(take)}`)
            .sort();
        expect(bag(one)).toEqual(bag(other));
        const told = one.notes.filter(({ kind }) => kind !== "renumbered");
        if (told.length > 0) return;
        const selections = ({ lock }: typeof one): unknown =>
          [...lock.scenes].sort().map(([id, { selected, takes }]) => [
            id,
            Object.entries(selected)
              .sort()
              .map(([variant, n]) => [variant, takes.find(({ take }) => take === n)?.at]),
          ]);
        expect(selections(one)).toEqual(selections(other));
      }),
      RUNS,
    );
  });

  test("two lines of work on different scenes are joined without a word", () => {
    fc.assert(
      fc.property(forks(["a", "b"], ["c", "林晓"]), ({ base, ours, theirs }) => {
        const { lock, notes } = merged(
          base,
          { ...ours, library: new Map() },
          { ...theirs, library: new Map() },
        );
        expect(notes).toEqual([]);
        for (const [id, side] of [
          ["a", ours],
          ["b", ours],
          ["c", theirs],
          ["林晓", theirs],
        ] as const)
          expect(lock.scenes.get(id)).toEqual(side.scenes.get(id));
      }),
      RUNS,
    );
  });
});

describe("texts", () => {
  test("a side that cannot be read is told, and nothing is merged", () => {
    const result = mergeLockTexts("film.lock.json", { base: "", ours: text(BASE), theirs: "{" });
    expect(result.kind === "unreadable" && result.diagnostics.map(({ span }) => span?.source.name)).toEqual([
      "film.lock.json (theirs)",
    ]);
  });

  test("a common ancestor that cannot be read is done without, and told", () => {
    const result = mergeLockTexts("film.lock.json", {
      base: "<<<<<<<",
      ours: text(BASE),
      theirs: text(BASE),
    });
    expect(result.kind === "merged" && [result.text, result.notes]).toEqual([
      text(BASE),
      [{ kind: "no-base" }],
    ]);
  });
});
