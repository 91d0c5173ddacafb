import { chanceOf, pick } from "./chance.ts";

/** Colours of a picture, as `#rrggbb`. */
export interface Palette {
  readonly high: string;
  readonly middle: string;
  readonly low: string;
  readonly glow: string;
  readonly far: string;
  readonly near: string;
}

export type Motif = "mountains" | "sea" | "lighthouse" | "city" | "forest" | "dunes" | "room";
export type Weather = "clear" | "rain" | "snow";

export interface Mood {
  readonly palette: Palette;
  readonly motif: Motif;
  readonly weather: Weather;
  readonly stars: boolean;
}

const palette = (
  high: string,
  middle: string,
  low: string,
  glow: string,
  far: string,
  near: string,
): Palette => ({
  high,
  middle,
  low,
  glow,
  far,
  near,
});

const PALETTES = {
  dawn: palette("#2b3a67", "#a8607a", "#f6b98a", "#ffe6bd", "#8d6a80", "#1b1c30"),
  dusk: palette("#1d2850", "#87466b", "#f0905f", "#ffd596", "#6d446a", "#15132a"),
  night: palette("#050a1c", "#122145", "#2f4f78", "#dfe9ff", "#1e325a", "#040813"),
  storm: palette("#161e26", "#38464f", "#7d8c90", "#d3dfe0", "#4d5c66", "#0d1319"),
  snow: palette("#5a7998", "#9ab5ca", "#e3edf2", "#ffffff", "#9db4c7", "#2b4157"),
  fog: palette("#66757a", "#95a3a3", "#cfd5ce", "#f6f3e6", "#97a4a3", "#2c3839"),
  day: palette("#2a6c9e", "#7cb2cc", "#ece3c5", "#fff8de", "#7b9dab", "#1a3742"),
  teal: palette("#0c3541", "#2c7a7c", "#e6b983", "#ffeabf", "#46807f", "#08222a"),
  amber: palette("#372740", "#98573d", "#ebb55e", "#fff2c6", "#8b5d4f", "#1f141e"),
  violet: palette("#221a44", "#5a4a8c", "#d79eb8", "#ffe7f0", "#685691", "#131025"),
} as const satisfies Record<string, Palette>;

type Light = keyof typeof PALETTES;

const LIGHTS: readonly (readonly [RegExp, Light])[] = [
  [/\b(dawn|sunrise|morning|daybreak)\b|清晨|黎明|日出|早晨|晨光/i, "dawn"],
  [/\b(dusk|sunset|evening|golden hour|twilight)\b|黄昏|日落|傍晚|夕阳/i, "dusk"],
  [/\b(night|midnight|moon\w*|stars?|starry)\b|深夜|夜晚|夜色|夜里|星空|月光|月亮|午夜/i, "night"],
  [/\b(storm\w*|gale|rain\w*|thunder\w*|lightning|overcast)\b|暴风|风暴|暴雨|下雨|雨|雷|闪电|阴天/i, "storm"],
  [/\b(snow\w*|blizzard|winter|ice|icy|frost\w*)\b|雪|冬天|冰/i, "snow"],
  [/\b(fog\w*|mist\w*|haze)\b|雾/i, "fog"],
  [/\b(noon|daylight|sunny|sunlit|blue sky)\b|正午|阳光|晴/i, "day"],
];

const MOTIFS: readonly (readonly [RegExp, Motif])[] = [
  [/\blighthouses?\b|灯塔/i, "lighthouse"],
  [/\b(seas?|oceans?|waves?|shore|beach|boats?|ships?|harbou?r|island|rocks)\b|海|浪|船|岛|港/i, "sea"],
  [
    /\b(city|cities|streets?|skyline|neon|downtown|rooftops?|towers?|traffic|alley)\b|城市|街|楼|霓虹|巷/i,
    "city",
  ],
  [/\b(forests?|woods|trees?|pines?|garden|jungle|orchard)\b|森林|树|林间|竹|花园/i, "forest"],
  [/\b(desert|dunes?|sand|steppe|prairie)\b|沙漠|沙丘|草原/i, "dunes"],
  [/\b(mountains?|valley|hills?|cliffs?|summit|peaks?)\b|山|峰|峡谷|悬崖/i, "mountains"],
  [
    /\b(rooms?|kitchen|windows?|stairs?|staircase|interior|desk|table|lamps?|radio|studio|shop|bar|house|office|corridor|bed)\b|房间|屋|室|窗|厨房|桌|楼梯|店|走廊|办公/i,
    "room",
  ],
];

const RAIN = /\b(rain\w*|storm\w*|gale|downpour|thunder\w*)\b|暴雨|下雨|雨|暴风|风暴/i;
const SNOW = /\b(snow\w*|blizzard)\b|雪/i;

/** Light, place and weather as the words of the prompt have them; what they leave open, chance decides. */
export function moodOf(prompt: string, seed: string): Mood {
  const chance = chanceOf(`mood ${seed}`);
  const light = first(LIGHTS, prompt) ?? pick(chance, ["dawn", "dusk", "day", "teal", "amber", "violet"]);
  const motif = first(MOTIFS, prompt) ?? pick(chance, ["mountains", "sea", "city", "forest", "dunes"]);
  return {
    palette: PALETTES[light],
    motif,
    weather: SNOW.test(prompt) ? "snow" : RAIN.test(prompt) ? "rain" : "clear",
    stars: light === "night",
  };
}

/** What the word that stands first in the text means. */
function first<T>(words: readonly (readonly [RegExp, T])[], text: string): T | undefined {
  let [found, at]: [T | undefined, number] = [undefined, Infinity];
  for (const [word, meaning] of words) {
    const index = text.search(word);
    if (index !== -1 && index < at) [found, at] = [meaning, index];
  }
  return found;
}

/** `rgba()` of a `#rrggbb` colour. */
export function withAlpha(colour: string, alpha: number): string {
  const [r, g, b] = channels(colour);
  return `rgba(${r},${g},${b},${alpha})`;
}

/** A colour between two. */
export function blend(a: string, b: string, t: number): string {
  const from = channels(a);
  const to = channels(b);
  const hex = from.map((value, i) => Math.round(value + ((to[i] ?? 0) - value) * t));
  return `#${hex.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
