import { describe, expect, test } from "vitest";
import { renameScenes } from "../../src/plan/lock-rename.ts";
import { film, planText, rendered } from "./planned.ts";

const BEFORE = film(
  "{ id: dawn, prompt: sea }",
  "{ id: climb, extend: dawn, prompt: stairs }",
  "{ id: lamp, first_frame: dawn.last_frame, prompt: light }",
);
const AFTER = film(
  "{ id: sunrise, was: dawn, prompt: sea }",
  "{ id: climb, extend: sunrise, prompt: stairs }",
  "{ id: lamp, first_frame: sunrise.last_frame, prompt: light }",
);
const SCENES = [{ id: "sunrise", was: "dawn" }, { id: "climb" }, { id: "lamp" }];

describe("a scene that was renamed keeps its takes", () => {
  test("neither it nor what uses it is rendered again", () => {
    const lock = renameScenes(rendered(BEFORE), SCENES);
    expect(planText(AFTER, { lock }).map((line) => line.split(":")[1])).toEqual([
      " reuse",
      " reuse",
      " reuse",
    ]);
    expect([...lock.scenes.keys()].sort()).toEqual(["climb", "lamp", "sunrise"]);
  });

  test("without the word it would be a new scene", () => {
    const bare = AFTER.replace(", was: dawn", "");
    expect(planText(bare, { lock: rendered(BEFORE) })[0]).toBe("sunrise: render: new scene");
  });

  test("once it is done the word says nothing more", () => {
    const lock = renameScenes(rendered(BEFORE), SCENES);
    expect(renameScenes(lock, SCENES)).toBe(lock);
  });

  test("a branch that went on under the old name adds its takes", () => {
    const moved = renameScenes(rendered(BEFORE), SCENES);
    const old = rendered(film("{ id: dawn, prompt: storm }")).scenes.get("dawn");
    const [take] = old?.takes ?? [];
    if (!old || !take) throw new Error("no take");
    const merged = {
      scenes: new Map([...moved.scenes, ["dawn", { ...old, takes: [{ ...take, task: "cgt-9" }] }]]),
    };
    const lock = renameScenes(merged, SCENES);
    expect(lock.scenes.get("sunrise")?.takes.map(({ take: n, task }) => [n, task])).toEqual([
      [1, "cgt-1"],
      [2, "cgt-9"],
    ]);
    expect(lock.scenes.get("sunrise")?.selected).toEqual({ main: 1 });
    expect(lock.scenes.has("dawn")).toBe(false);
  });
});
