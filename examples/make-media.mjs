// Makes every picture and sound of the examples: `node examples/make-media.mjs`.
// Nothing is downloaded and nothing is random, so a second run writes the same bytes.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import * as advert from "./make-media/advert.mjs";
import { paint } from "./make-media/draw.mjs";
import * as drama from "./make-media/drama.mjs";
import * as lighthouse from "./make-media/lighthouse.mjs";
import * as oneTake from "./make-media/one-take.mjs";
import * as people from "./make-media/people.mjs";
import * as sound from "./make-media/sound.mjs";

const SEA = ["#9db4b5", "#587880", "#22424c"];
const NIGHT = ["#a7b3c4", "#66758f", "#2a3550"];
const PAPER = ["#d8c3a4", "#a5805f", "#4f3628"];

const face = (bust, ground) => paint(768, 768, (c, w, h) => people.closeUp(c, w, h, bust, ground));
const body = (figure, ground) => paint(640, 1024, (c, w, h) => people.fullBody(c, w, h, figure, ground));

const media = {
  "lighthouse/assets/keeper-face.jpg": () => face(people.keeperBust, SEA),
  "lighthouse/assets/keeper-full.jpg": () => body(people.keeperFigure, SEA),
  "lighthouse/assets/tower.jpg": () => paint(768, 1024, lighthouse.tower),
  "lighthouse/assets/coast.jpg": () => paint(1280, 720, lighthouse.coast),
  "lighthouse/assets/lamp.jpg": () => paint(1280, 720, lighthouse.lamp),
  "lighthouse/assets/waves.wav": sound.waves,
  "advert/assets/bottle.jpg": () => paint(768, 1024, advert.packshot),
  "advert/assets/bottle-open.jpg": () => paint(768, 1024, advert.served),
  "advert/assets/summit.jpg": () => paint(720, 1280, advert.summit),
  "advert/assets/jingle.wav": sound.jingle,
  "drama/assets/lin-face.jpg": () => face(people.linBust, NIGHT),
  "drama/assets/lin-full.jpg": () => body(people.linFigure, NIGHT),
  "drama/assets/zhou-face.jpg": () => face(people.zhouBust, PAPER),
  "drama/assets/zhou-full.jpg": () => body(people.zhouFigure, PAPER),
  "drama/assets/bookshop.jpg": () => paint(1280, 720, drama.bookshop),
  "drama/assets/letter.jpg": () => paint(1280, 720, drama.letter),
  "drama/assets/street.jpg": () => paint(1280, 720, drama.street),
  "drama/assets/rain.wav": sound.rain,
  "one-take/assets/boat.jpg": () => paint(1470, 630, oneTake.boat),
  "one-take/assets/brook.wav": sound.brook,
};

for (const [name, bytes] of Object.entries(media)) {
  const path = fileURLToPath(new URL(name, import.meta.url));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes());
}
