import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { showJson } from "../../src/cli/show-text.ts";
import { check, type Compiled } from "../../src/driver/check.ts";
import { materialize } from "../../src/execute/materialize.ts";
import { lowerScene } from "../../src/seedance/lower.ts";
import { createRequest } from "../../src/seedance/request.ts";
import { handed } from "../support/handing.ts";
import { runProgram } from "../support/program.ts";
import { doneTake } from "../support/takes.ts";

const MEDIA = join(import.meta.dirname, "../fixtures/diagnostics/media");

const INCLUDED = `assets:
  keeper:
    images: [./face.png, ./side.png]
    description: an old keeper
scenes:
  - id: sea
    prompt: A \${weather} over a grey sea
`;

const STORYBOARD = `version: 1
model: seedance-2.0-mini
include: [./acts/one.yaml]
defaults: { resolution: 480p, duration: 6 }
style: 35mm film
variables: { weather: calm }
matrix: { ratio: [9:16, 4:3], weather: [gale] }
profiles: { draft: { duration: 4 } }
film: { output: "film-\${ratio}.mp4" }
assets:
  waves: { audio: ./waves.wav }
  dolly: { video: https://media.example/dolly.mp4 }
scenes:
  - id: radio
    prompt: A radio reads the news.
    web_search: true
    style: false
  - id: frames
    first_frame: radio.last_frame
    last_frame: https://media.example/dial.png
    ratio: adaptive
    prompt: The dial begins to glow.
  - id: people
    references: [https://media.example/room.png]
    prompt: "@keeper listens to @waves, filmed as in @dolly."
    dialogue:
      - { who: keeper, says: Hush. }
  - id: onward
    extend: previous
    prompt: He gets up.
  - id: backward
    extend: { clip: people, direction: backward }
    resolution: 720p
  - id: changed
    edit: people
    prompt: make it night
  - id: joined
    bridge: [sea, radio]
    prompt: a pan
`;

let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "storyc-show-")));
  mkdirSync(join(folder, "acts"));
  writeFileSync(join(folder, "film.yaml"), STORYBOARD);
  writeFileSync(join(folder, "acts/one.yaml"), INCLUDED);
  copyFileSync(join(MEDIA, "face.png"), join(folder, "acts/face.png"));
  copyFileSync(join(MEDIA, "face.png"), join(folder, "acts/side.png"));
  copyFileSync(join(MEDIA, "waves.wav"), join(folder, "waves.wav"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function compile(profile?: string): Promise<Compiled> {
  const { films } = await check({ file: "film.yaml", cwd: folder, profile });
  if (!films[0]) throw new Error("the storyboard is wrong");
  return films[0];
}

/** The body that a run would send, with links and Base64 taken out. */
async function sent(id: string): Promise<unknown> {
  const film = await compile();
  const scene = film.storyboard.scenes.find((one) => one.id === id);
  if (!scene) throw new Error(`no scene ${id}`);
  const lowered = lowerScene(film.storyboard, scene, film.media);
  const media = await materialize({
    lowered,
    media: film.media,
    handover: {
      clipUrl: () => handed("<link>"),
      mediumUrl: () => handed("<link>"),
    },
    selected: () => doneTake(1),
    still: () => Promise.resolve(Buffer.from("still")),
    read: () => Buffer.from("bytes"),
  });
  if (media.kind !== "urls") throw new Error(media.message);
  return shortened(createRequest(lowered, media.urls));
}

/** Of the body that is sent, and of the one that is shown. */
function shortened(request: unknown): unknown {
  const text = JSON.stringify(request)
    .replace(/;base64,[^"]+/g, ";base64,…")
    .replace(/"<link[^"]*"/g, '"<link>"');
  return JSON.parse(text) as unknown;
}

async function shown(id: string): Promise<{ request: string; rows: string[] }> {
  const { exit, stdout, stderr } = await runProgram(["show", id, "film.yaml"], folder);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  const [request = "", origins = ""] = stdout.split("\n\nWhere it comes from\n");
  // Columns are padded; what counts is what stands in them.
  const rows = origins.trim().split("\n");
  return { request, rows: rows.map((row) => row.trim().replace(/ {2,}/g, " | ")) };
}

const SETTINGS = [
  "resolution | 480p, `defaults` | film.yaml:4:25",
  "ratio | 9:16, the matrix | film.yaml:7:19",
  "duration | 6, `defaults` | film.yaml:4:41",
  "generate_audio | true, built in",
  "watermark | false, built in",
];
const following = (place: string): string[] =>
  SETTINGS.with(1, `ratio | adaptive, since a clip that is continued or changed keeps its shape | ${place}`);
const STYLE = `text (style) | "35mm film" | film.yaml:5:8`;

const MODEL = "model | seedance-2.0-mini, the storyboard | film.yaml:2:8";

/** What each kind of scene is made of. */
const ORIGINS: Record<string, string[]> = {
  sea: [
    MODEL,
    `text (prompt) | "A gale over a grey sea" | acts/one.yaml:7:13 (included)`,
    `text (wording) | "."`,
    STYLE,
    'text ${weather} | "gale", the matrix | film.yaml:7:41',
    ...SETTINGS,
  ],
  radio: [
    MODEL,
    `text (prompt) | "A radio reads the news." | film.yaml:15:13`,
    ...SETTINGS,
    "tools | web_search, the scene | film.yaml:16:5",
  ],
  frames: [
    MODEL,
    `text (prompt) | "The dial begins to glow." | film.yaml:22:13`,
    STYLE,
    "content[1] Image 1 | first_frame, `radio.last_frame`, the last frame of radio | film.yaml:19:18",
    "content[2] Image 2 | last_frame, `https://media.example/dial.png` | film.yaml:20:17",
    ...SETTINGS.with(1, "ratio | adaptive, the scene | film.yaml:21:12"),
  ],
  people: [
    MODEL,
    `text (introduction) | "Image 2 and Image 3 show keeper: an old keeper." | acts/one.yaml:2:3 (included)`,
    `text (mention) | "keeper", Image 2 and Image 3 | film.yaml:25:14`,
    `text (prompt) | "listens to" | film.yaml:25:13`,
    `text (mention) | "Audio 1" | film.yaml:25:33`,
    `text (prompt) | ", filmed as in" | film.yaml:25:13`,
    `text (mention) | "Video 1" | film.yaml:25:54`,
    `text (prompt) | "." | film.yaml:25:13`,
    String.raw`text (dialogue) | "keeper says: \"Hush.\"" | film.yaml:27:9`,
    STYLE,
    "content[1] Image 1 | reference_image, `https://media.example/room.png` | film.yaml:24:18",
    "content[2] Image 2 | reference_image, `keeper`, declared at acts/one.yaml:3:14 | film.yaml:25:14",
    "content[3] Image 3 | reference_image, `keeper`, declared at acts/one.yaml:3:26 | film.yaml:25:14",
    "content[4] Video 1 | reference_video, `dolly`, declared at film.yaml:12:19 | film.yaml:25:54",
    "content[5] Audio 1 | reference_audio, `waves`, declared at film.yaml:11:19 | film.yaml:25:33",
    ...SETTINGS,
  ],
  onward: [
    MODEL,
    `text (wording) | "Extend Video 1 forward:" | film.yaml:29:13`,
    `text (prompt) | "He gets up." | film.yaml:30:13`,
    STYLE,
    "content[1] Video 1 | reference_video, `previous`, the clip of people | film.yaml:29:13",
    ...following("film.yaml:29:5"),
  ],
  backward: [
    MODEL,
    `text (wording) | "Extend Video 1 backward:" | film.yaml:32:21`,
    STYLE,
    "content[1] Video 1 | reference_video, `people`, the clip of people | film.yaml:32:21",
    ...following("film.yaml:32:5").with(0, "resolution | 720p, the scene | film.yaml:33:17"),
  ],
  changed: [
    MODEL,
    `text (wording) | "Strictly edit Video 1:" | film.yaml:35:11`,
    `text (prompt) | "make it night" | film.yaml:36:13`,
    `text (wording) | "."`,
    STYLE,
    "content[1] Video 1 | reference_video, `people`, the clip of people | film.yaml:35:11",
    ...following("film.yaml:35:5"),
  ],
  joined: [
    MODEL,
    `text (wording) | "Video 1, then" | film.yaml:38:14`,
    `text (prompt) | "a pan" | film.yaml:39:13`,
    `text (wording) | ", then Video 2." | film.yaml:38:14`,
    STYLE,
    "content[1] Video 1 | reference_video, `sea`, the clip of sea | film.yaml:38:14",
    "content[2] Video 2 | reference_video, `radio`, the clip of radio | film.yaml:38:19",
    ...following("film.yaml:38:5"),
  ],
};

describe.each(Object.keys(ORIGINS))("%s", (id) => {
  test("is shown as it would be sent, each part with where it comes from", async () => {
    const { request, rows } = await shown(id);
    expect(shortened(JSON.parse(request.slice(request.indexOf("\n"))))).toEqual(await sent(id));
    expect(request.split("\n")[0]).toMatch(/^POST …\/generations {3}# scene \w+, \w+, film 9x16-gale$/);
    expect(rows).toEqual(ORIGINS[id]);
  });

  test("likewise as JSON", async () => {
    const { stdout } = await runProgram(["show", id, "film.yaml", "--json"], folder);
    const result = JSON.parse(stdout) as { request: unknown; origins: Record<string, unknown>[] };
    expect(result).toMatchObject({ type: "result", command: "show", ok: true, scene: id, film: "9x16-gale" });
    expect(shortened(result.request)).toEqual(await sent(id));
    const rows = result.origins.map(({ part, from, file, line, column, included }) => {
      const place = `${file}:${line}:${column}${included ? " (included)" : ""}`;
      return [part, from, ...(file === undefined ? [] : [place])].join(" | ");
    });
    expect(rows).toEqual(ORIGINS[id]);
  });
});

test("Base64 is named by its format, its file and its size", async () => {
  const { request } = await shown("people");
  expect(request).toContain(`"data:image/png;base64,<face.png, 1,174 bytes>"`);
  expect(request).toContain(`"data:audio/wav;base64,<waves.wav, 8,044 bytes>"`);
  expect((await shown("frames")).request).toContain(`"data:image/png;base64,<last frame of radio>"`);
  expect((await shown("joined")).request).toContain(`"<link to the clip of sea>"`);
});

test("what a profile sets is said to come from it", async () => {
  const film = await compile("draft");
  const [scene] = film.storyboard.scenes;
  if (!scene) throw new Error("no scene");
  const json = showJson(film, scene, lowerScene(film.storyboard, scene, film.media));
  expect(json).toMatchObject({ film: "draft-9x16-gale", request: { duration: 4 } });
  expect(json.origins).toContainEqual({
    part: "duration",
    from: "4, the profile",
    file: "film.yaml",
    line: 8,
    column: 32,
    included: false,
  });
});

test("a scene that is not there: the near one is named", async () => {
  const { exit, stdout, stderr } = await runProgram(["show", "joinde", "film.yaml"], folder);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
  expect(stderr).toContain("did you mean `joined`?");
});
