import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { DURATION, SPEECH } from "../base/limits.ts";
import type { Board } from "./rules-board.ts";
import type { DialogueLine, Scene } from "./types.ts";

/** Scripts whose characters are syllables or words: they are spoken one by one. */
const CHARACTER = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu;

/** Whether the lines can be spoken before the clip ends, all together and each from where it begins. */
export function checkDialogue(_: Board, scene: Scene): Diagnostic[] {
  if (scene.dialogue.length === 0) return [];
  const { duration, generate_audio } = scene.settings;
  // Without sound the lines are subtitles only, and a reader is faster than a speaker.
  if (generate_audio.value !== true) return beyondClip(scene, () => 0);
  let sum = 0;
  const over = scene.dialogue.find(({ says }) => (sum += spokenSeconds(says)) > duration.value);
  return over ? [tooLong(scene, over), ...beyondClip(scene, () => 0)] : beyondClip(scene, spokenSeconds);
}

function spokenSeconds(says: string): number {
  const characters = says.match(CHARACTER)?.length ?? 0;
  const words = says.replace(CHARACTER, " ").match(WORD)?.length ?? 0;
  return words / SPEECH.englishWords + characters / SPEECH.chineseCharacters;
}

function tooLong(scene: Scene, over: DialogueLine): Diagnostic {
  const { duration } = scene.settings;
  const needed = scene.dialogue.reduce((sum, { says }) => sum + spokenSeconds(says), 0);
  const longer = Math.ceil(needed);
  const raise = longer <= DURATION.most ? `raise \`duration\` to ${longer}, ` : "";
  const message = `the dialogue of scene \`${scene.id}\` takes about ${shown(needed)} to speak, its clip lasts ${shown(duration.value)}`;
  return diagnose("dialogue/too-long", over.span, message, {
    note: "here the clip ends",
    labels: duration.span ? [{ span: duration.span, message: "the length of the clip" }] : [],
    help: `${raise}shorten the lines, or split the scene; about ${SPEECH.englishWords} English words or ${SPEECH.chineseCharacters} Chinese characters are spoken in a second`,
  });
}

/** A line that says when it begins: its end, given or guessed by `spoken`, must lie inside of the clip. */
function beyondClip(scene: Scene, spoken: (says: string) => number): Diagnostic[] {
  const { duration } = scene.settings;
  return scene.dialogue.flatMap((line): Diagnostic[] => {
    if (line.at === undefined) return [];
    const seconds = line.seconds ?? spoken(line.says);
    if (line.at < duration.value && line.at + seconds <= duration.value) return [];
    const lasts = seconds > 0 ? ` and takes ${shown(seconds)}` : "";
    const message = `a line of scene \`${scene.id}\` begins at ${shown(line.at)}${lasts}, its clip ends at ${shown(duration.value)}`;
    return [
      diagnose("dialogue/beyond-clip", line.span, message, {
        labels: duration.span ? [{ span: duration.span, message: "the length of the clip" }] : [],
        help: "let it begin earlier, shorten it, or raise `duration`",
      }),
    ];
  });
}

function shown(seconds: number): string {
  return `${Number(seconds.toFixed(1))} s`;
}
