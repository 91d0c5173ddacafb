import { describe, expect, test } from "vitest";
import type { Lock } from "../../src/plan/lock.ts";
import { fingerprintOf } from "../../src/plan/recipe.ts";
import { NO_WISHES, type Wishes } from "../../src/plan/wishes.ts";
import { film, lockOf, planText, plansOf, recipesOf, rendered, takeOf } from "./planned.ts";

const A = (prompt = "sea"): string => `{ id: a, prompt: ${prompt} }`;
const B = "{ id: b, extend: a, prompt: on }";
const C = "{ id: c, extend: b, prompt: further }";
const wish = (wishes: { [K in keyof Wishes]?: string[] }): Wishes => ({
  ...NO_WISHES,
  ...Object.fromEntries(Object.entries(wishes).map(([kind, ids]) => [kind, new Set(ids)])),
});
const recipeOf = (id: string, text: string) => {
  const recipe = recipesOf(text).get(id);
  if (!recipe) throw new Error(`no recipe of ${id}`);
  return recipe;
};

describe("one more take", () => {
  const text = film(A(), B, C);

  test("is rendered although one is current, and what is made from it is rendered again", () => {
    expect(planText(text, { lock: rendered(text), wishes: wish({ retake: ["a"] }) })).toEqual([
      "a: render: one more take was asked for",
      "b: render: upstream `a` will change",
      "c: render: upstream `b` will change",
    ]);
  });

  test("is sent also where the service refused the request as it stands", () => {
    const lock = lockOf({ a: [takeOf(recipeOf("a", text), { state: "refused" })] });
    expect(planText(film(A()), { lock, wishes: wish({ retake: ["a"] }) })).toEqual([
      "a: render: one more take was asked for",
    ]);
  });

  test("is no way around a take whose outcome is unknown", () => {
    const lock = lockOf({ a: [takeOf(recipeOf("a", text), { state: "unknown" })] });
    expect(planText(film(A()), { lock, wishes: wish({ retake: ["a"] }) })).toEqual([
      "a: blocked: take 1 may have been accepted; nobody knows, so it is not sent again",
    ]);
  });

  test("does not replace another take whose outcome is unknown", () => {
    const recipe = recipeOf("a", text);
    const lock = lockOf({ a: [takeOf(recipe), takeOf(recipe, { take: 2, state: "unknown" })] });
    const [plan] = plansOf(film("{ id: a, prompt: sea, takes: 3 }"), {
      lock,
      wishes: wish({ retake: ["a"] }),
    });
    expect(plan?.renders).toBe(1);
  });

  test("will change what is made from it also in the run that collects it", () => {
    const recipe = recipeOf("a", text);
    const running = takeOf(recipe, { take: 2, state: "submitted", selects: "main" });
    const lock = (take: typeof running): Lock => ({
      scenes: new Map([...rendered(text).scenes, ...lockOf({ a: [takeOf(recipe), take] }).scenes]),
    });
    expect(planText(text, { lock: lock(running) })).toEqual([
      "a: collect: take 2 is task cgt-2; nothing to pay",
      "b: render: upstream `a` will change",
      "c: render: upstream `b` will change",
    ]);
    // One that is selected for another film changes nothing for this one.
    expect(planText(text, { lock: lock({ ...running, selects: "tall" }) })[1]).toBe(
      "b: reuse: take 1 is current",
    );
  });

  test("stands for those that are missing too", () => {
    const three = film("{ id: a, prompt: sea, takes: 3 }");
    expect(planText(three, { lock: rendered(three), wishes: wish({ retake: ["a"] }) })).toEqual([
      "a: render ×2: one more take was asked for",
    ]);
  });

  test("stands for itself alone while one of the others may have been accepted", () => {
    const three = film("{ id: a, prompt: sea, takes: 3 }");
    const recipe = recipeOf("a", three);
    const lock = lockOf({ a: [takeOf(recipe), takeOf(recipe, { take: 2, state: "unknown" })] });
    expect(planText(three, { lock, wishes: wish({ retake: ["a"] }) })).toEqual([
      "a: render: one more take was asked for",
    ]);
  });
});

describe("an unknown take that a person gives up", () => {
  const text = film(A(), B);
  const lock = lockOf({ a: [takeOf(recipeOf("a", text), { state: "unknown" })] });

  test("is given up too where its task is known, and the service does not know it; never where it does", () => {
    const take = takeOf(recipeOf("a", text), { state: "submitted" });
    const missing = lockOf({ a: [{ ...take, error: { code: "task_not_exist", message: "" } }] });
    const wishes = wish({ resubmit: ["a"] });
    expect(plansOf(text, { lock: missing, wishes })[0]).toMatchObject({
      renders: 1,
      collect: [],
      abandon: [{ take: 1 }],
    });
    const running = plansOf(text, { lock: lockOf({ a: [take] }), wishes })[0];
    expect(running).toMatchObject({ action: "collect", renders: 0 });
    expect(running?.abandon).toBeUndefined();
  });

  test("is sent anew, and named", () => {
    const [plan] = plansOf(text, { lock, wishes: wish({ resubmit: ["a"] }) });
    expect(plan).toMatchObject({ action: "render", renders: 1, abandon: [{ take: 1 }] });
  });

  test("of an older recipe is given up too, and nothing is sent in its place", () => {
    const now = film(A("land"), B);
    const takes = [
      takeOf(recipeOf("a", text), { state: "unknown" }),
      takeOf(recipeOf("a", now), { take: 2 }),
    ];
    const [plan] = plansOf(now, { lock: lockOf({ a: takes }), wishes: wish({ resubmit: ["a"] }) });
    expect(plan).toMatchObject({ action: "reuse", renders: 0, abandon: [{ take: 1 }] });
  });

  test("is given up also where its scene will be made from another clip", () => {
    const takes = { a: [takeOf(recipeOf("a", text), { state: "failed" })], b: [] };
    const lost = takeOf(recipeOf("b", text), { state: "unknown" });
    const [, plan] = plansOf(text, {
      lock: lockOf({ ...takes, b: [lost] }),
      wishes: wish({ resubmit: ["b"] }),
    });
    expect(plan).toMatchObject({ action: "render", renders: 1, abandon: [{ take: 1 }] });
  });

  test("is not touched for the asking of another scene", () => {
    expect(plansOf(text, { lock, wishes: wish({ resubmit: ["b"] }) })[0]?.action).toBe("blocked");
  });

  test("does not block its scene any more in the runs that follow", () => {
    const given = lockOf({ a: [takeOf(recipeOf("a", text), { state: "abandoned" })] });
    expect(planText(film(A()), { lock: given })).toEqual([
      "a: render: take 1, of which nobody knows the outcome, is given up",
    ]);
  });
});

describe("a stale take that a person keeps", () => {
  const [before, now] = [film(A("sea"), B), film(A("land"), B)];
  const keep = (lock: Lock, id: string, fingerprint: string): Lock => {
    const scene = lock.scenes.get(id);
    if (!scene) throw new Error(`no scene ${id}`);
    return { scenes: new Map([...lock.scenes, [id, { ...scene, kept: { main: fingerprint } }]]) };
  };
  const kept = keep(rendered(before), "a", fingerprintOf(recipeOf("a", now)));

  test("stays, is shown, and what was made from it is current", () => {
    expect(planText(now, { lock: kept })).toEqual([
      "a: kept: take 1 is stale, and kept by `storyc keep`",
      "b: reuse: take 1 is current",
    ]);
  });

  test("is stale again when anything else changes", () => {
    expect(planText(film(A("desert"), B), { lock: kept })[0]).toBe("a: render: prompt changed");
  });

  test("is fetched where its bytes are missing", () => {
    const missing = [takeOf(recipeOf("a", before)).clip?.sha256 ?? ""];
    expect(plansOf(now, { lock: kept, missing })[0]).toMatchObject({ action: "fetch", take: { take: 1 } });
  });

  test("gives way to a new take when one is asked for", () => {
    expect(plansOf(now, { lock: kept, wishes: wish({ retake: ["a"] }) })[0]?.action).toBe("render");
  });
});

describe("only some scenes", () => {
  test("the others are left as they are, and what is asked for is made from what they have", () => {
    const [before, now] = [film(A("sea"), B, C), film(A("land"), "{ id: b, extend: a, prompt: off }", C)];
    expect(planText(now, { lock: rendered(before), wishes: wish({ only: ["b"] }) })).toEqual([
      "a: left: prompt changed",
      "b: render: prompt changed",
      "c: left: upstream `b` will change",
    ]);
  });

  test("what is current outside of them is current all the same", () => {
    const text = film(A(), B);
    expect(planText(text, { lock: rendered(text), wishes: wish({ only: ["b"] }) })[0]).toMatch(/^a: reuse/);
  });

  test("what they are made from has to be there", () => {
    expect(planText(film(A(), B), { wishes: wish({ only: ["b"] }) })).toEqual([
      "a: left: new scene",
      "b: blocked: upstream `a` has no clip, and is not made in this run",
    ]);
  });
});
