import { describe, expect, test } from "vitest";
import type { LibraryEntry, Lock } from "../../src/plan/lock.ts";
import { EMPTY_LOCK } from "../../src/plan/lock.ts";
import type { Ways } from "../../src/plan/ways.ts";
import { NO_WISHES } from "../../src/plan/wishes.ts";
import { film, planText, rendered, type Given } from "./planned.ts";

/** When the takes of these locks were asked for. */
const MADE = Date.parse("2026-08-01T00:00:00.000Z");
const HOUR = 3600_000;
const ALONE: Ways = {
  provider: "anyfast",
  sharesDisk: false,
  store: { kind: "none" },
  library: "not-chosen",
};
const DAWN = "{ id: dawn, prompt: At dawn. }";
const CLIMB = "{ id: climb, extend: dawn, prompt: He climbs. }";
const CHAIN = film(DAWN, CLIMB);

/** What is planned for the last scene. */
function last(text: string, given: Given & { ways?: Ways; age?: number } = {}): string {
  const { ways = ALONE, age = 0 } = given;
  return planText(text, { ...given, ways, now: MADE + age }).at(-1) ?? "";
}

const dawnMade: Lock = rendered(film(DAWN));
const after = (age: number, more: Partial<Ways> = {}, lock = dawnMade): string =>
  last(CHAIN, { lock, age, ways: { ...ALONE, ...more } });

describe("a clip that is used by a new scene", () => {
  test("is given by its own link for a day", () => {
    expect(after(23.9 * HOUR)).toBe("climb: render: new scene");
  });

  test("may be given by a new link for a week, which is told", () => {
    const told =
      "climb: render: new scene; the link of `dawn` at anyfast is of 2026-08-01 and has expired, unless the task gives a new one";
    expect(after(24 * HOUR)).toBe(told);
    expect(after(167 * HOUR)).toBe(told);
  });

  test("is out of reach afterwards, and the three ways out are named", () => {
    expect(after(168 * HOUR)).toBe(
      "climb: blocked: the clip of `dawn` cannot reach the service: its link at anyfast has expired (2026-08-01); name a bucket under `store`, choose `handover: asset-library` (billed), or make it anew: `--retake dawn`",
    );
  });

  test("of another provider is out of reach at once", () => {
    expect(after(0, { provider: "ark", library: "none" })).toBe(
      "climb: blocked: the clip of `dawn` cannot reach the service: ark has no link to it; name a bucket under `store`, or make it anew: `--retake dawn`",
    );
  });

  test("goes by the bucket, however old it is", () => {
    expect(after(9999 * HOUR, { store: { kind: "ready" } })).toBe("climb: render: new scene");
  });

  test("does not go by a bucket without keys, and what lacks is said", () => {
    expect(
      after(168 * HOUR, { store: { kind: "no-keys", why: "AWS_SECRET_ACCESS_KEY is not set" } }),
    ).toMatch(/give the `store` its keys \(AWS_SECRET_ACCESS_KEY is not set\)/);
  });

  test("needs no way in a rehearsal", () => {
    expect(after(9999 * HOUR, { sharesDisk: true })).toBe("climb: render: new scene");
  });

  test("that this run makes has a link by then", () => {
    expect(last(CHAIN, { lock: EMPTY_LOCK, age: 9999 * HOUR })).toBe("climb: render: new scene");
    const retaken = { ...NO_WISHES, retake: new Set(["dawn"]) };
    expect(last(CHAIN, { lock: dawnMade, age: 9999 * HOUR, wishes: retaken })).toBe(
      "climb: render: new scene",
    );
  });

  test("matters to nobody where nothing is sent", () => {
    expect(last(CHAIN, { lock: rendered(CHAIN), age: 9999 * HOUR })).toBe("climb: reuse: take 1 is current");
  });

  test("that is out of reach blocks what follows, and leaves a take that is there in use", () => {
    const more = film(
      DAWN,
      CLIMB.replace("climb,", "climb, takes: 2,"),
      "{ id: lamp, extend: climb, prompt: A lamp. }",
    );
    const plans = planText(more, { lock: dawnMade, ways: ALONE, now: MADE + 200 * HOUR });
    expect(plans[2]).toBe("lamp: blocked: upstream `climb` is blocked");
    const [, climb, lamp] = planText(more, {
      lock: rendered(film(DAWN, CLIMB, "{ id: lamp, extend: climb, prompt: A lamp. }")),
      ways: ALONE,
      now: MADE + 200 * HOUR,
    });
    expect(climb).toMatch(/^climb: reuse: 1 of 2 takes are made; the clip of `dawn` cannot reach/);
    expect(lamp).toBe("lamp: reuse: take 1 is current");
  });
});

describe("the asset library", () => {
  const ways: Ways = { ...ALONE, library: "chosen" };
  const clip = dawnMade.scenes.get("dawn")?.takes[0]?.clip?.sha256 ?? "";
  const withEntry = (entry: Partial<LibraryEntry>): Lock => ({
    ...dawnMade,
    library: new Map([
      ["anyfast", new Map([[clip, { state: "active", at: "2026-08-01T00:00:00.000Z", ...entry }]])],
    ]),
  });

  test("takes what no link leads to, and that it is billed is told", () => {
    expect(last(CHAIN, { lock: dawnMade, age: 200 * HOUR, ways })).toBe(
      "climb: render: new scene; the clip of `dawn` goes into anyfast's asset library, which is billed",
    );
  });

  test("has what was put there: nothing is billed again", () => {
    const lock = withEntry({ id: "asset-1" });
    expect(last(CHAIN, { lock, age: 200 * HOUR, ways })).toBe("climb: render: new scene");
  });

  test("that has not taken a clip is not asked again", () => {
    const lock = withEntry({ state: "failed" });
    expect(last(CHAIN, { lock, age: 200 * HOUR, ways })).toMatch(
      /^climb: blocked: .*anyfast's asset library has not taken it; name a bucket under `store`, or use a web address/,
    );
  });
});

describe("a file of this machine", () => {
  const DOLLY = film("{ id: pan, references: [./dolly.mp4], prompt: A pan. }");

  test("that is a video needs a way", () => {
    expect(last(DOLLY)).toBe(
      "pan: blocked: `./dolly.mp4` cannot reach the service: videos go by link only; name a bucket under `store`, choose `handover: asset-library` (billed), or use a web address or `asset://ID` in its place",
    );
    expect(last(DOLLY, { ways: { ...ALONE, store: { kind: "ready" } } })).toBe("pan: render: new scene");
    expect(last(DOLLY, { ways: { ...ALONE, library: "chosen" } })).toBe(
      "pan: render: new scene; `./dolly.mp4` goes into anyfast's asset library, which is billed",
    );
  });

  test("that is a picture or a sound travels inside of the request", () => {
    expect(last(film("{ id: pan, references: [./a.png, ./b.wav], prompt: A pan. }"))).toBe(
      "pan: render: new scene",
    );
  });

  test("is out of reach where the request would be too large, until there is a way for the largest", () => {
    const MB = 1024 * 1024;
    const picture = (bytes: number) =>
      ({ kind: "image", format: "png", bytes, width: 1280, height: 720 }) as const;
    const facts = { "./a.png": picture(20 * MB), "./b.png": picture(21 * MB), "./c.png": picture(10 * MB) };
    const text = film("{ id: pan, references: [./a.png, ./b.png, ./c.png], prompt: A pan. }");
    expect(last(text, { facts })).toMatch(
      /^pan: blocked: `.\/b.png` cannot reach the service: the request would be too large/,
    );
    expect(last(text, { facts, ways: { ...ALONE, library: "chosen" } })).toBe(
      "pan: render: new scene; `./b.png` goes into anyfast's asset library, which is billed",
    );
  });
});

test("what is nobody's to hand over needs no way: addresses, library ids, stills", () => {
  const text = film(
    DAWN,
    '{ id: pan, references: ["https://example.com/a.mp4", "asset://asset-1", dawn.last_frame], prompt: A pan. }',
  );
  expect(last(text, { lock: dawnMade, age: 9999 * HOUR })).toBe("pan: render: new scene");
});
