import type { Checked } from "../../src/driver/check.ts";
import { checkedText } from "../support/memory-machine.ts";
import type { Chance } from "./chance.ts";

type Mode = "text" | "extend" | "edit" | "first-frame";

interface SceneDraft {
  readonly id: string;
  readonly mode: Mode;
  /** The scene that it uses; none for a text. */
  readonly from: string | undefined;
  /** Which of the texts it has at the moment. */
  readonly wording: number;
  readonly takes: number;
  /** How many more, should outputs be moderated. */
  readonly retries: number;
  readonly trouble: "" | "[[refuse]] " | "[[fail]] ";
}

/** A storyboard as its author works on it. */
export type Draft = readonly SceneDraft[];

const WORDINGS = ["A lamp.", "A harbour.", "A gale."];
const MOST_KEPT = 5000;

export function anyDraft(chance: Chance): Draft {
  const count = chance.one([1, 2, 3, 3, 4, 5, 6, 8]);
  const scenes: SceneDraft[] = [];
  for (let i = 0; i < count; i++) {
    const mode = i === 0 ? "text" : chance.one<Mode>(["text", "extend", "extend", "edit", "first-frame"]);
    const from = mode === "text" ? undefined : chance.one(scenes).id;
    const takes = chance.happens(0.1) ? 2 : 1;
    const trouble = chance.happens(0.05) ? chance.one(["[[refuse]] ", "[[fail]] "] as const) : "";
    const retries = chance.happens(0.4) ? chance.between(1, 3) : 0;
    scenes.push({ id: `s${i}`, mode, from, wording: 0, takes, retries, trouble });
  }
  return scenes;
}

/** One change such as an author makes; undoing is one of them, since there are few wordings. */
export function editedDraft(draft: Draft, chance: Chance): Draft {
  const at = chance.between(0, draft.length - 1);
  const change = chance.weighted({ wording: 5, takes: 1, retries: 1, trouble: 1 });
  return draft.map((scene, i): SceneDraft => {
    if (i !== at) return scene;
    if (change === "wording") return { ...scene, wording: chance.between(0, WORDINGS.length - 1) };
    if (change === "takes") return { ...scene, takes: chance.between(1, 3) };
    if (change === "retries") return { ...scene, retries: chance.between(0, 2) };
    return { ...scene, trouble: "" };
  });
}

const known = new Map<string, Checked>();

/** The storyboard as `check` gives it. Read once for each text, since a simulation is about what comes after. */
export function checkedDraft(draft: Draft): Checked {
  const text = textOf(draft);
  const found = known.get(text);
  if (found) return found;
  const checked = checkedText(text);
  const [error] = checked.diagnostics.filter(({ severity }) => severity === "error");
  if (error) throw new Error(`${error.message} in\n${text}`);
  if (known.size > MOST_KEPT) known.clear();
  known.set(text, checked);
  return checked;
}

function textOf(draft: Draft): string {
  const scenes = draft.map(({ id, mode, from, wording, takes, retries, trouble }) => {
    const source = {
      text: "",
      extend: `extend: ${from}, `,
      edit: `edit: ${from}, `,
      "first-frame": `first_frame: ${from}.last_frame, `,
    }[mode];
    const more =
      (takes > 1 ? `, takes: ${takes}` : "") + (retries > 0 ? `, retry: { moderation: ${retries} }` : "");
    return `  - { id: ${id}, ${source}prompt: "${trouble}${WORDINGS[wording]} Of ${id}."${more} }\n`;
  });
  const head = `version: 1\nprovider: anyfast\ndefaults: { resolution: 480p, ratio: "16:9", duration: 4 }\nscenes:\n`;
  return head + scenes.join("");
}
