import { describe, expect, test } from "vitest";
import { clipOf, film, lockOf, plansOf, planText, recipesOf, rendered, takeOf } from "./planned.ts";
import type { Recipe } from "../../src/plan/recipe.ts";

const A = "{ id: a, prompt: sea }";
const B = "{ id: b, extend: a, prompt: on }";
const ONE = film(A);

const recipe = (text: string, id = "a"): Recipe => {
  const found = recipesOf(text).get(id);
  if (!found) throw new Error(`no recipe of ${id}`);
  return found;
};

describe("each action has its reason", () => {
  test("render: a new scene", () => {
    expect(planText(ONE)).toEqual(["a: render: new scene"]);
  });

  test("reuse: the selected take is of this recipe", () => {
    expect(planText(ONE, { lock: rendered(ONE) })).toEqual(["a: reuse: take 1 is current"]);
  });

  test("render: a field that changed, with old and new", () => {
    const now = film("{ id: a, prompt: sea, duration: 8, resolution: 480p }");
    expect(planText(now, { lock: rendered(ONE) })).toEqual([
      "a: render: `resolution` 720p → 480p; `duration` 5 → 8",
    ]);
  });

  test("render: a prompt that changed", () => {
    expect(planText(film("{ id: a, prompt: land }"), { lock: rendered(ONE) })).toEqual([
      "a: render: prompt changed",
    ]);
  });

  test("render: an asset whose file changed, by its name", () => {
    const cast = (file: string): string =>
      `version: 1\nassets: { k: { image: ${file} } }\nscenes: [{ id: a, prompt: "@k" }]\n`;
    expect(planText(cast("./new.png"), { lock: rendered(cast("./old.png")) })).toEqual([
      "a: render: asset `k` changed",
    ]);
  });

  test("render: fewer references than before", () => {
    const before = film("{ id: a, prompt: x, references: [./1.png, ./2.png] }");
    const now = film("{ id: a, prompt: x, references: [./1.png] }");
    expect(planText(now, { lock: rendered(before) })).toEqual(["a: render: the list of references changed"]);
  });

  test("collect: the service has it already", () => {
    const lock = lockOf({ a: [takeOf(recipe(ONE), { state: "submitted" })] });
    expect(planText(ONE, { lock })).toEqual(["a: collect: take 1 is task cgt-1; nothing to pay"]);
  });

  test("fetch: the clip is known, its bytes are not here", () => {
    const lock = rendered(ONE);
    const missing = [takeOf(recipe(ONE)).clip?.sha256 ?? ""];
    expect(planText(ONE, { lock, missing })).toEqual([
      "a: fetch: the clip of take 1 is not in the store; fetched again if anyfast still has it (made 2026-08-01)",
    ]);
  });

  test("render: a rehearsed clip is gone for good, and costs nothing to make again", () => {
    const lock = lockOf({ a: [takeOf(recipe(ONE), { provider: "emulator" })] });
    const missing = [takeOf(recipe(ONE)).clip?.sha256 ?? ""];
    expect(planText(ONE, { lock, missing })).toEqual([
      "a: render: the clip of take 1 is not in the store; it is rehearsed again",
    ]);
  });

  test("blocked: refused as it stands, and what follows it", () => {
    const error = { code: "InputTextSensitiveContentDetected", message: "no" };
    const lock = lockOf({ a: [takeOf(recipe(ONE), { state: "refused", error })] });
    expect(planText(film(A, B), { lock })).toEqual([
      "a: blocked: refused: InputTextSensitiveContentDetected; change the scene",
      "b: blocked: upstream `a` is blocked",
    ]);
  });

  test("a refused scene that is changed is rendered", () => {
    const lock = lockOf({ a: [takeOf(recipe(ONE), { state: "refused" })] });
    expect(planText(film("{ id: a, prompt: land }"), { lock })).toEqual(["a: render: prompt changed"]);
  });

  test("blocked: nobody knows whether it was accepted", () => {
    const lock = lockOf({ a: [takeOf(recipe(ONE), { state: "unknown" })] });
    expect(planText(ONE, { lock })).toEqual([
      "a: blocked: take 1 may have been accepted; nobody knows, so it is not sent again",
    ]);
  });

  test("render: a task that failed, since it was not billed", () => {
    const lock = lockOf({
      a: [takeOf(recipe(ONE), { state: "failed", error: { code: "Internal", message: "" } })],
    });
    expect(planText(ONE, { lock })).toEqual([
      "a: render: take 1 failed (Internal); failed tasks are not billed",
    ]);
  });
});

describe("a change ripples", () => {
  const chain = (first: string): string =>
    film(
      `{ id: a, prompt: ${first} }`,
      B,
      "{ id: c, first_frame: b.last_frame }",
      "{ id: d, prompt: alone }",
    );

  test("to all that is made from it, and to nothing else", () => {
    expect(planText(chain("land"), { lock: rendered(chain("sea")) })).toEqual([
      "a: render: prompt changed",
      "b: render: upstream `a` will change",
      "c: render: upstream `b` will change",
      "d: reuse: take 1 is current",
    ]);
  });

  test("of a new scene they are new too", () => {
    expect(planText(chain("sea"))).toEqual(["a", "b", "c", "d"].map((id) => `${id}: render: new scene`));
  });

  test("undone costs nothing: all is reused from what was made before", () => {
    const [before, now] = [chain("sea"), chain("land")];
    const past = [...recipesOf(before).values()].map((one) => takeOf(one));
    expect(planText(before, { lock: rendered(now), past })).toEqual([
      "a: reuse: take 1 was made from the same recipe",
      "b: reuse: take 1 was made from the same recipe",
      "c: reuse: take 1 was made from the same recipe",
      "d: reuse: take 1 is current",
    ]);
  });

  test("but not from bytes that are gone", () => {
    const past = [takeOf(recipe(ONE))];
    const missing = past.map(({ clip }) => clip?.sha256 ?? "");
    expect(planText(ONE, { past, missing })).toEqual(["a: render: new scene"]);
  });

  test("each scene stands after those that it uses, whatever the order of the file", () => {
    expect(plansOf(film(B, A)).map(({ scene }) => scene.id)).toEqual(["a", "b"]);
  });
});

describe("what is cosmetic renders nothing", () => {
  const before = `version: 1\nscenes:\n  - ${A}\n  - { id: b, prompt: x, dialogue: [{ says: No., at: 1 }] }\n`;
  test.each([
    [
      "titles, notes and comments",
      `version: 1\ntitle: T\nnotes: N\nscenes:\n  - { id: a, title: t, notes: n, prompt: sea } # c\n  - { id: b, prompt: x, dialogue: [{ says: No., at: 1 }] }\n`,
    ],
    [
      "the order of the scenes",
      `version: 1\nscenes:\n  - { id: b, prompt: x, dialogue: [{ says: No., at: 1 }] }\n  - ${A}\n`,
    ],
    [
      "the times of dialogue",
      `version: 1\nscenes:\n  - ${A}\n  - { id: b, prompt: x, dialogue: [{ says: No., at: 3, seconds: 1 }] }\n`,
    ],
    ["the cut", `${before}film: { scenes: [b], output: f.mp4, joints: { drop_before: 0 } }\n`],
    ["a default that says what holds anyway", `${before}defaults: { duration: 5 }\n`],
  ])("%s", (_, now) => {
    expect(plansOf(now, { lock: rendered(before) }).map(({ action }) => action)).toEqual(["reuse", "reuse"]);
  });
});

describe("takes", () => {
  const wanted = (takes: number): string => film(`{ id: a, prompt: sea, takes: ${takes} }`, B);

  test("as many as are wanted are rendered", () => {
    expect(planText(film("{ id: a, prompt: sea, takes: 3 }"))).toEqual(["a: render ×3: new scene"]);
  });

  test("only those that are missing, and what follows the selected one stays", () => {
    expect(planText(wanted(3), { lock: rendered(wanted(1)) })).toEqual([
      "a: render ×2: 1 of 3 takes are made",
      "b: reuse: take 1 is current",
    ]);
  });

  test("a take that is waited for does not unsettle what follows the selected one", () => {
    const [a, b] = [recipe(wanted(1)), recipe(wanted(1), "b")];
    const lock = lockOf({ a: [takeOf(a), takeOf(a, { take: 2, state: "submitted" })], b: [takeOf(b)] });
    expect(planText(wanted(2), { lock })).toEqual([
      "a: collect: take 2 is task cgt-2; nothing to pay",
      "b: reuse: take 1 is current",
    ]);
  });

  test("fewer than there are change nothing", () => {
    const a = recipe(ONE);
    expect(planText(ONE, { lock: lockOf({ a: [takeOf(a), takeOf(a, { take: 2 })] }, 2) })).toEqual([
      "a: reuse: take 2 is current",
    ]);
  });

  test("a task of an older recipe is waited for too: its clip is paid", () => {
    const lock = lockOf({ a: [takeOf(recipe(ONE), { state: "submitted" })] });
    const [plan] = plansOf(film("{ id: a, prompt: land }"), { lock });
    expect([plan?.action, plan?.collect.map(({ take }) => take)]).toEqual(["render", [1]]);
  });

  test("another take selected changes the recipe of what follows", () => {
    const a = recipe(ONE);
    const lock = lockOf({
      a: [takeOf(a), takeOf(a, { take: 2, clip: clipOf("other") })],
      b: [takeOf(recipe(film(A, B), "b"))],
    });
    const second = {
      scenes: new Map([
        ...lock.scenes,
        ["a", { selected: { main: 2 }, takes: lock.scenes.get("a")?.takes ?? [] }],
      ]),
    };
    expect(planText(film(A, B), { lock: second })).toEqual([
      "a: reuse: take 2 is current",
      "b: render: upstream `a` changed",
    ]);
  });
});

test("ten thousand scenes in one chain, the last one first in the file, are planned", () => {
  const scenes = Array.from({ length: 10_000 }, (_, i) =>
    i < 9_999 ? `{ id: s${i}, extend: s${i + 1}, prompt: x }` : `{ id: s${i}, prompt: x }`,
  );
  expect(plansOf(film(...scenes))).toHaveLength(10_000);
});
