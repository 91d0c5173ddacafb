import { expect, test } from "vitest";
import { EMPTY_LOCK, type Lock } from "../../src/plan/lock.ts";
import { planScenes } from "../../src/plan/plan.ts";
import { readText } from "../storyboard/read.ts";
import { film, lockOf, loweredOf, recipesOf, takeOf } from "./planned.ts";

const text = (climb: string): string =>
  film("{ id: dawn, prompt: sea }", `{ id: climb, extend: dawn, prompt: ${climb} }`);

/** What each film of a storyboard does for each scene, where all of them ask for the same. */
function plansOfFilms(board: string, variants: readonly string[], lock: Lock): string[][] {
  const read = readText(board);
  const shared = new Map<string, string>();
  return variants.map((variant) => {
    const storyboard = { ...read.storyboard, variant };
    const input = { storyboard, lowered: loweredOf(read), media: read.media, lock, shared };
    const plans = planScenes({ ...input, recall: () => [], has: () => true });
    return plans.map(({ scene, action, renders }) => `${scene.id} ${action} ${renders}`);
  });
}

test("what two films ask for alike is made once", () => {
  expect(plansOfFilms(text("on"), ["wide", "tall"], EMPTY_LOCK)).toEqual([
    ["dawn render 1", "climb render 1"],
    ["dawn reuse 0", "climb reuse 0"],
  ]);
});

test("films that have selected different takes do not share what is made from them", () => {
  const [recipe] = recipesOf(text("on")).values();
  if (!recipe) throw new Error("no recipe");
  const { scenes } = lockOf({ dawn: [takeOf(recipe), takeOf(recipe, { take: 2 })] });
  const [dawn] = scenes.values();
  if (!dawn) throw new Error("no scene");
  const picked = (wide: number, tall: number): Lock => ({
    scenes: new Map([["dawn", { ...dawn, selected: { wide, tall } }]]),
  });
  const plans = (lock: Lock): string[][] => plansOfFilms(text("off"), ["wide", "tall"], lock);
  expect(plans(picked(1, 2))).toEqual([
    ["dawn reuse 0", "climb render 1"],
    ["dawn reuse 0", "climb render 1"],
  ]);
  expect(plans(picked(2, 2))[1]).toEqual(["dawn reuse 0", "climb reuse 0"]);
});
