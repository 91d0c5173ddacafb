import { describe, expect, test } from "vitest";
import { digestOf } from "../../src/base/digest.ts";
import type { HandedMedium } from "../../src/execute/handover.ts";
import { LibraryWay } from "../../src/execute/library-way.ts";
import { EMPTY_LOCK, type LibraryEntry, type Lock } from "../../src/plan/lock.ts";
import type { CreateOutcome } from "../../src/seedance/outcome.ts";
import { FakeLibrary } from "../support/fake-library.ts";
import { serviceError } from "../support/fake-service.ts";
import { openRig, type Rig, type RigOptions } from "../support/rig.ts";

const medium = (text: string): HandedMedium => ({
  ...{ medium: "video", format: "mp4", digest: digestOf(text), bytes: text.length },
  chunks: () => [Buffer.from(text)],
});
const CLIP = medium("clip");
const LOST: CreateOutcome = { kind: "unknown", error: serviceError("", "its answer was lost") };

interface Used {
  readonly rig: Rig;
  readonly library: FakeLibrary;
  urlOf(what?: HandedMedium, isHere?: boolean): Promise<string>;
  entry(what?: HandedMedium): LibraryEntry | undefined;
}

/** One run; `minutes` after the beginning of time. */
function use(library = new FakeLibrary(), options: RigOptions = {}, minutes = 0): Used {
  const rig = openRig(options);
  const begun = rig.clock.advance(minutes * 60_000);
  const { ledger, clock, budget, stop } = rig;
  const way = new LibraryWay({ library, provider: "anyfast", ledger, clock, budget, stop });
  return {
    rig,
    library,
    urlOf: async (what = CLIP, isHere = true) => {
      await begun;
      const handed = await clock.until(way.urlOf(what, isHere));
      return handed.kind === "url" ? handed.url : handed.why;
    },
    entry: ({ digest } = CLIP) => ledger.library("anyfast", digest),
  };
}

const libraryOf = (lock: Lock): unknown =>
  Object.fromEntries(
    [...(lock.library?.get("anyfast") ?? [])].map(([digest, { state, id }]) => [digest, [state, id]]),
  );

describe("a medium", () => {
  test("is put there as data, under a name that its bytes give, in one group for all", async () => {
    const { library, urlOf } = use();
    expect(await urlOf()).toBe("asset://asset-1");
    expect(await urlOf(medium("other"))).toBe("asset://asset-2");
    expect([...library.groups.keys()]).toEqual(["group-1"]);
    expect(library.assets.get("asset-1")).toEqual({
      group: "group-1",
      name: `storyc-${CLIP.digest.slice(0, 32)}`,
      medium: "video",
      url: `data:video/mp4;base64,${Buffer.from("clip").toString("base64")}`,
    });
  });

  test("is put there once, by however many scenes of a run it is used at the same time", async () => {
    const { library, urlOf } = use();
    expect(await Promise.all([urlOf(), urlOf(), urlOf(medium("b"))])).toEqual([
      "asset://asset-1",
      "asset://asset-1",
      "asset://asset-2",
    ]);
    expect([library.groups.size, library.assets.size]).toEqual([1, 2]);
  });

  test("that is in the lock is not put there again, nor is its group", async () => {
    const first = use();
    await first.urlOf();
    const second = use(first.library, { lock: first.rig.nextLock() });
    expect(await second.urlOf()).toBe("asset://asset-1");
    await second.urlOf(medium("other"));
    expect([first.library.groups.size, first.library.assets.size]).toEqual([1, 2]);
  });

  test("is waited for until requests can name it", async () => {
    const { rig, library, urlOf, entry } = use();
    library.onLook = () => ({ kind: library.looks.length < 5 ? "pending" : "active" });
    const handed = urlOf();
    expect(await handed).toBe("asset://asset-1");
    expect(library.looks).toHaveLength(5);
    expect(entry()).toMatchObject({ state: "active", id: "asset-1", group: "group-1" });
    expect(rig.journal().map((line) => line.kind === "library" && line.entry?.state)).toEqual([
      ...["intended", "intended", "intended", "processing", "active"],
    ]);
  });

  test("that takes long is left for the next run, which pays nothing", async () => {
    const first = use();
    first.library.onLook = () => ({ kind: "pending" });
    expect(await first.urlOf()).toBe(
      "anyfast's asset library is still at work on the asset asset-1; run again later",
    );
    first.library.onLook = () => ({ kind: "active" });
    expect(await use(first.library, { lock: first.rig.nextLock() }).urlOf()).toBe("asset://asset-1");
    expect(first.library.assets.size).toBe(1);
  });

  test("that is not taken is not offered again", async () => {
    const first = use();
    first.library.onLook = () => ({ kind: "failed", error: serviceError("Sensitive", "a face was seen") });
    expect(await first.urlOf()).toBe("anyfast's asset library does not take it: a face was seen");
    const second = use(first.library, { lock: first.rig.nextLock() });
    expect(await second.urlOf()).toMatch(/has not taken these bytes before/);
    expect(first.library.assets.size).toBe(1);
  });

  test("that was taken out of the library is told, and not paid for again unasked", async () => {
    const first = use();
    await first.urlOf();
    first.library.assets.clear();
    const second = use(first.library, { lock: first.rig.nextLock() });
    expect(await second.urlOf()).toMatch(
      /does not know the asset asset-1 any more; take `[0-9a-f]{12}…` out of/,
    );
    expect(first.library.assets.size).toBe(0);
  });

  test("whose bytes are not here can only be named", async () => {
    const first = use();
    expect(await first.urlOf(CLIP, false)).toMatch(/its bytes are not here/);
    expect(first.library.groups.size).toBe(0);
    await first.urlOf();
    expect(await use(first.library, { lock: first.rig.nextLock() }).urlOf(CLIP, false)).toBe(
      "asset://asset-1",
    );
  });
});

describe("a create", () => {
  test.each(["group", "asset"] as const)(
    "of a %s that was refused for sure leaves no trace",
    async (kind) => {
      const { library, urlOf, entry, rig } = use();
      library.onCreate = (what, done) =>
        what === kind ? { kind: "halt", reason: "no-credit", error: serviceError("QuotaExceeded") } : done();
      expect(await urlOf()).toMatch(/does not take it: says QuotaExceeded/);
      expect(entry()).toBeUndefined();
      expect(rig.stop.reason).toMatch(/no credit/);
    },
  );

  test("that the service is too busy for, or that does not reach it, is made later", async () => {
    const { library, urlOf, rig } = use();
    const answers: CreateOutcome[] = [
      { kind: "busy", error: serviceError("", "busy"), retryAfterMs: 7000 },
      { kind: "not-sent", error: serviceError("", "refused") },
    ];
    library.onCreate = (_, done) => answers.shift() ?? done();
    expect(await urlOf()).toBe("asset://asset-1");
    expect(rig.clock.slept.slice(0, 2)).toEqual([7000, 4000]);
  });

  test.each(["group", "asset"] as const)(
    "of a %s whose answer was lost is found by its name",
    async (kind) => {
      const { library, urlOf } = use();
      library.onCreate = (what, done) => {
        const made = done();
        return what === kind ? LOST : made;
      };
      expect(await urlOf()).toBe("asset://asset-1");
      expect([library.groups.size, library.assets.size]).toEqual([1, 1]);
    },
  );

  test.each(["group", "asset"] as const)(
    "of a %s whose answer was lost is not repeated before the library shows that it was not done",
    async (kind) => {
      const first = use();
      first.library.onCreate = (what, done) => (what === kind ? LOST : done());
      expect(await first.urlOf()).toMatch(new RegExp(`may hold the ${kind} .*it is not there yet`));
      first.library.onCreate = (_, done) => done();
      const early = use(first.library, { lock: first.rig.nextLock() }, 14);
      expect(await early.urlOf()).toMatch(/it is not there yet/);
      const late = use(first.library, { lock: early.rig.nextLock() }, 16);
      expect(await late.urlOf()).toBe("asset://asset-1");
      expect([first.library.groups.size, first.library.assets.size]).toEqual([1, 1]);
    },
  );

  test("of a group whose answer was lost keeps every other medium from making one, until it is found", async () => {
    const first = use();
    first.library.canSearch = false;
    first.library.onCreate = (what, done) => {
      const made = done();
      return what === "group" ? LOST : made;
    };
    await first.urlOf();
    expect(await first.urlOf(medium("other"))).toMatch(/may hold the group/);
    const unsure = use(first.library, { lock: first.rig.nextLock() }, 10_000);
    expect(await unsure.urlOf(medium("other"))).toMatch(/may hold the group/);
    first.library.canSearch = true;
    first.library.onCreate = (_, done) => done();
    const found = use(first.library, { lock: unsure.rig.nextLock() }, 1);
    expect(await found.urlOf(medium("other"))).toBe("asset://asset-1");
    const late = use(first.library, { lock: found.rig.nextLock() }, 16);
    expect(await late.urlOf()).toBe("asset://asset-2");
    expect([first.library.groups.size, first.library.assets.size]).toEqual([1, 2]);
  });

  test("of a group that was certainly not made is no hindrance to another medium", async () => {
    const first = use();
    first.library.onCreate = (what, done) => (what === "group" ? LOST : done());
    await first.urlOf();
    first.library.onCreate = (_, done) => done();
    const late = use(first.library, { lock: first.rig.nextLock() }, 16);
    expect(await late.urlOf(medium("other"))).toBe("asset://asset-1");
    expect(first.library.groups.size).toBe(1);
  });

  test.each(["group", "asset"] as const)(
    "of a %s whose answer was lost is never repeated where the library cannot be searched",
    async (kind) => {
      const first = use();
      first.library.canSearch = false;
      first.library.onCreate = (what, done) => {
        const made = done();
        return what === kind ? LOST : made;
      };
      await first.urlOf();
      const late = use(first.library, { lock: first.rig.nextLock() }, 10_000);
      expect(await late.urlOf()).toMatch(
        /may hold the .* which is billed, so it is not asked for again \(HTTP 502\)/,
      );
      expect([first.library.groups.size, first.library.assets.size]).toEqual([1, kind === "asset" ? 1 : 0]);
    },
  );
});

describe("a run that is killed", () => {
  /** Dies before its nth entry is written, or right after its nth create was done. */
  async function killed(at: { entry?: number; create?: number }): Promise<Used> {
    const library = new FakeLibrary();
    let creates = 0;
    const dead = new Error("killed");
    library.onCreate = (_, done) => {
      const made = done();
      if (creates++ === at.create) throw dead;
      return made;
    };
    const used = use(library, {
      beforeEntry: (_, nth) => {
        if (nth === at.entry) throw dead;
      },
    });
    await expect(used.urlOf()).rejects.toBe(dead);
    library.onCreate = (_, done) => done();
    return used;
  }

  const MOMENTS = [...[0, 1, 2, 3, 4].map((entry) => ({ entry })), ...[0, 1].map((create) => ({ create }))];

  test.each(MOMENTS)("at %j has paid once when the next one has ended", async (at) => {
    const { library, rig } = await killed(at);
    const next = use(library, { lock: rig.nextLock() }, 16);
    expect(await next.urlOf()).toBe("asset://asset-1");
    expect([library.groups.size, library.assets.size]).toEqual([1, 1]);
    expect(libraryOf(next.rig.nextLock())).toEqual({ [CLIP.digest]: ["active", "asset-1"] });
  });

  test.each(MOMENTS)("at %j, and by all who come after it, has paid at most once", async (at) => {
    const { library, rig } = await killed(at);
    library.canSearch = false;
    let lock = rig.nextLock();
    for (const minutes of [1, 20, 2000]) {
      const next = use(library, { lock }, minutes);
      await next.urlOf();
      lock = next.rig.nextLock();
    }
    expect(library.groups.size).toBeLessThanOrEqual(1);
    expect(library.assets.size).toBeLessThanOrEqual(1);
  });

  test("leaves nothing where nothing was asked for", async () => {
    const { rig } = await killed({ entry: 0 });
    expect(rig.nextLock()).toEqual(EMPTY_LOCK);
  });
});
