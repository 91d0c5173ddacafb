import { createSource, type Span } from "../../src/base/source.ts";
import type { ExecuteInput } from "../../src/execute/execute.ts";
import type { TakeToSend } from "../../src/execute/take-request.ts";
import type { Step, StepGraph } from "../../src/plan/graph.ts";
import type { Action, ScenePlan } from "../../src/plan/scene-plan.ts";
import { recipeOf } from "../../src/plan/recipe.ts";
import type { LoweredScene } from "../../src/seedance/lower.ts";
import { upstreamOf, type MediaUse, type Scene } from "../../src/storyboard/types.ts";
import type { Take } from "../../src/plan/lock.ts";
import { Pool } from "../../src/execute/pool.ts";
import { EVERY_WAY, taskLinks } from "./handing.ts";
import type { Rig } from "./rig.ts";

const span: Span = { source: createSource("film.yaml", "/project/film.yaml", ""), start: 0, end: 0 };
const setting = <T>(value: T): { value: T; origin: "built-in" } => ({ value, origin: "built-in" });

export interface SceneSketch {
  readonly id: string;
  readonly prompt?: string;
  /** The scene whose clip it goes on from. */
  readonly extend?: string;
  readonly takes?: number;
  /** How many more takes, should outputs be moderated. */
  readonly retry?: number;
  readonly action?: Action;
  /** The planned take, where the action is about one. */
  readonly take?: Take;
}

function sceneOf({ id, prompt = `prompt of ${id}`, extend, takes = 1, retry = 0 }: SceneSketch): Scene {
  const use = (scene: string): MediaUse => ({
    target: { kind: "clip", scene },
    written: scene,
    span,
    via: "extend",
  });
  return {
    id,
    span,
    mode:
      extend === undefined
        ? { kind: "text", webSearch: false }
        : { kind: "extend", clip: use(extend), direction: "forward" },
    prompt: [{ kind: "text", text: prompt }],
    dialogue: [],
    references: [],
    settings: {
      resolution: setting("480p" as const),
      ratio: setting("16:9" as const),
      duration: setting(4),
      generate_audio: setting(true),
      watermark: setting(false),
      retry: setting({ moderation: retry }),
    },
    takes,
  };
}

export function loweredOf(sketch: SceneSketch): LoweredScene {
  const { id, prompt = `prompt of ${id}`, extend } = sketch;
  return {
    scene: id,
    model: "seedance-2.0-mini",
    resolution: "480p",
    ratio: "16:9",
    duration: 4,
    generate_audio: true,
    watermark: false,
    webSearch: false,
    text: [{ text: prompt, from: "prompt" }],
    items:
      extend === undefined
        ? []
        : [
            {
              type: "video_url",
              role: "reference_video",
              source: { kind: "clip", scene: extend },
              key: `clip:${extend}`,
              written: extend,
              ordinal: "Video 1",
              span,
            },
          ],
  };
}

/** A take that needs no other clip, ready to be sent. */
export function takeToSend(id: string, more: Partial<TakeToSend> = {}): TakeToSend {
  const lowered = loweredOf({ id });
  const recipe = recipeOf(lowered, new Map(), () => undefined);
  if (!recipe) throw new Error("no recipe");
  return {
    lowered,
    recipe,
    priority: 0,
    retries: 0,
    materialize: () => Promise.resolve({ kind: "urls", urls: [] }),
    ...more,
  };
}

interface Execution extends ExecuteInput, Omit<Rig, keyof ExecuteInput> {
  readonly service: Rig["service"];
  readonly clock: Rig["clock"];
  readonly remembered: Take[];
}

/** All that `execute` needs for these scenes; each is to be rendered unless its sketch says otherwise. */
export function executionOf(
  rig: Rig,
  sketches: readonly SceneSketch[],
  recall: ExecuteInput["recall"] = () => [],
): Execution {
  const remembered: Take[] = [];
  return {
    ...rig,
    remembered,
    graph: graphOf(sketches.map(sceneOf)),
    plans: sketches.map(planOf),
    lowered: new Map(sketches.map((sketch) => [sketch.id, loweredOf(sketch)])),
    media: new Map(),
    handover: taskLinks,
    ways: EVERY_WAY,
    local: new Pool(2),
    recall,
    remember: (take) => remembered.push(take),
    still: () => Promise.resolve(new Uint8Array()),
    read: () => new Uint8Array(),
  };
}

function planOf(sketch: SceneSketch): ScenePlan {
  const { action = "render", take } = sketch;
  const scene = sceneOf(sketch);
  const renders = action === "render" ? scene.takes : 0;
  return { scene, action, reasons: [], collect: [], renders, ...(take && { take }) };
}

function graphOf(scenes: readonly Scene[]): StepGraph {
  const steps = scenes.map((scene): Step => ({ kind: "generate", id: `generate:${scene.id}`, scene }));
  const needs = new Map(
    scenes.map((scene) => [`generate:${scene.id}`, upstreamOf(scene).map((id) => `generate:${id}`)]),
  );
  const feeds = new Map<string, string[]>(steps.map(({ id }) => [id, []]));
  for (const [id, from] of needs) for (const need of from) feeds.get(need)?.push(id);
  return { steps, needs, feeds };
}
