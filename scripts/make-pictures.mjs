// Makes the README's pictures with the program itself: the lighthouse's frames, and what the terminal shows.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createCanvas, GlobalFonts, ImageData } from "@napi-rs/canvas";
import { build } from "esbuild";

const COLOURS = { 31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 34: "#79c0ff", 36: "#76e3ea" };

const root = fileURLToPath(new URL("..", import.meta.url));
const main = join(root, "dist", "main.js");
const work = mkdtempSync(join(tmpdir(), "storyc-pictures-"));
for (const part of ["storyboard.yaml", "assets"]) {
  cpSync(join(root, "examples", "lighthouse", part), join(work, "lighthouse", part), { recursive: true });
}
registerFonts();
const storyboard = "lighthouse/storyboard.yaml";
const rendered = storyc("rehearse", storyboard);
const path = join(work, storyboard);
writeFileSync(path, readFileSync(path, "utf8").replace("sets the lantern down", "hangs the lantern up"));
const planned = {
  ...storyc("plan", storyboard),
  before: "# one prompt edited: “sets the lantern down” is now “hangs the lantern up”",
};
writeFileSync(join(root, "docs", "terminal.png"), drawTerminal([rendered, planned]));
writeFileSync(join(root, "docs", "film.jpg"), await drawFilm(["landing", "climb", "lamp", "storm", "dawn"]));
rmSync(work, { recursive: true });

function storyc(...args) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...args], {
    cwd: work,
    encoding: "utf8",
    env: { ...process.env, FORCE_COLOR: "1", NODE_NO_WARNINGS: "1" },
  });
  if (status !== 0) throw new Error(stderr);
  return { command: `storyc ${args.join(" ")}`, stdout };
}

function registerFonts() {
  const require = createRequire(import.meta.url);
  const files = join(dirname(require.resolve("@fontsource-variable/noto-sans-sc/package.json")), "files");
  GlobalFonts.loadFontsFromDir(files);
}

/** A terminal's text with its colours, on a dark ground. */
function drawTerminal(runs) {
  const lines = runs.flatMap(({ before, command, stdout }) => [
    ...(before ? [`\u001b[2m${before}\u001b[22m`] : []),
    `\u001b[1m$ ${command}\u001b[22m`,
    "",
    ...stdout.trimEnd().split("\n"),
    "",
  ]);
  const [size, line, margin, columns] = [20, 30, 32, 118];
  const canvas = createCanvas(
    margin * 2 + Math.ceil(columns * size * 0.602),
    margin * 2 + lines.length * line,
  );
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#12181f";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.textBaseline = "top";
  lines.forEach((text, row) => drawLine(pen, text, margin, margin + row * line, size));
  return canvas.toBuffer("image/png");
}

function drawLine(pen, text, x, y, size) {
  let state = { colour: "#d5dde5", bold: false };
  for (const piece of text.split(/(\u001b\[\d+m)/)) {
    const code = /^\u001b\[(\d+)m$/.exec(piece)?.[1];
    if (code === undefined) {
      pen.font = `${state.bold ? "bold " : ""}${size}px "DejaVu Sans Mono", "Noto Sans SC Variable", monospace`;
      pen.fillStyle = state.colour;
      pen.fillText(piece, x, y);
      x += pen.measureText(piece).width;
    } else if (code === "1") state = { ...state, bold: true };
    else if (code === "2") state = { ...state, colour: "#7d8792" };
    else if (code === "22")
      state = { colour: state.colour === "#7d8792" ? "#d5dde5" : state.colour, bold: false };
    else state = { ...state, colour: COLOURS[code] ?? "#d5dde5" };
  }
}

/** A row for each scene: its first, middle and last frame. */
async function drawFilm(scenes) {
  const bundled = join(work, "codec.mjs");
  await build({
    entryPoints: [join(root, "src/media/open-codec.ts")],
    outfile: bundled,
    bundle: true,
    format: "esm",
    platform: "node",
    external: ["node-av", "node-av/*"],
    logLevel: "error",
  });
  // Beside the packages, so that the bundle finds the native one.
  const here = join(root, "dist", "pictures-codec.mjs");
  cpSync(bundled, here);
  const opened = await (await import(pathToFileURL(here).href)).openPictureCodec();
  rmSync(here);
  if (opened.kind === "none") throw new Error(opened.reason);
  const [width, height, gap] = [432, 248, 6];
  const canvas = createCanvas(3 * width + 4 * gap, scenes.length * (height + gap) + gap);
  const pen = canvas.getContext("2d");
  for (const [row, scene] of scenes.entries()) {
    const clip = join(work, "lighthouse/renders/storyboard.rehearsal", `${scene}.mp4`);
    const pictures = [];
    for await (const picture of opened.codec.pictures(clip, { width, height }))
      pictures.push(new Uint8ClampedArray(picture.data));
    for (const [column, index] of [0, Math.floor(pictures.length / 2), pictures.length - 1].entries()) {
      pen.putImageData(
        new ImageData(pictures[index], width, height),
        gap + column * (width + gap),
        gap + row * (height + gap),
      );
    }
  }
  return canvas.toBuffer("image/jpeg", 82);
}
