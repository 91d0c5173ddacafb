// What the safety costs: one transition of a paid task, flushed to the disk, and a whole run of 1,000 takes against
// the same run on a disk that does not flush. The service is a fake that answers at once. `node bench/safety.mjs`
import { build } from "esbuild";
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./measure.mjs";

const TRANSITIONS = 1000;
const TAKES = 1000;
const ROUNDS = 3;

const folder = mkdtempSync(join(tmpdir(), "storyc-safety-"));
const source = fileURLToPath(new URL("../src/", import.meta.url));
const { outputFiles } = await build({
  stdin: {
    contents: ["execute/ledger", "store/journal", "store/objects"]
      .map((part) => `export * from "./${part}.ts";`)
      .join("\n"),
    resolveDir: source,
  },
  bundle: true,
  format: "esm",
  platform: "node",
  write: false,
});
const code = Buffer.from(outputFiles[0].contents).toString("base64");
const { Ledger, Journal, ObjectStore } = await import(`data:text/javascript;base64,${code}`);

const unflushed = { ...fs, fsyncSync: () => undefined };

const RECIPE = {
  recipe: 1,
  model: "seedance-2.0-mini",
  resolution: "720p",
  ratio: "16:9",
  duration: 5,
  generate_audio: true,
  watermark: false,
  prompt: "A keeper climbs the spiral stairs, carrying a lamp. ".repeat(8),
  media: [],
};
const DIGEST = "0".repeat(64);
const CLIP = { sha256: DIGEST, bytes: 1, seconds: 5, width: 1, height: 1, fps: 24, frames: 121, sound: true };

/** Every transition of one take, as the runner makes them, and its clip put into the store. */
function makeTake(ledger, store, scene, bytes) {
  const at = new Date().toISOString();
  const intent = { fingerprint: DIGEST, recipe: RECIPE, provider: "anyfast", body: DIGEST, at };
  ledger.observe(scene, 1, { kind: "intent", intent });
  ledger.observe(scene, 1, { kind: "accepted", task: `task-${scene}` });
  ledger.observe(scene, 1, { kind: "succeeded", tokens: 1 });
  const incoming = store.receive();
  incoming.write(bytes);
  const { digest } = incoming.finish();
  incoming.keep(digest);
  ledger.observe(scene, 1, { kind: "stored", clip: { ...CLIP, sha256: digest }, differences: [] });
  ledger.select(scene, 1);
}

function secondsOfRun(files, name) {
  const journal = new Journal(files, join(folder, name, "journal.jsonl"));
  const ledger = new Ledger({ scenes: new Map() }, (entry) => journal.append(entry));
  const store = new ObjectStore(files, join(folder, name));
  const began = performance.now();
  for (let i = 0; i < TAKES; i++) makeTake(ledger, store, `s${i}`, Buffer.from(`clip ${name} ${i}`));
  journal.close();
  return (performance.now() - began) / 1000;
}

/** The disk's own price for the same: a line written and flushed. */
function plainFlushMs(line) {
  const fd = openSync(join(folder, "plain"), "a");
  const began = performance.now();
  for (let i = 0; i < TRANSITIONS; i++) {
    writeSync(fd, line);
    fsyncSync(fd);
  }
  closeSync(fd);
  return (performance.now() - began) / TRANSITIONS;
}

function transitionMs() {
  const journal = new Journal(fs, join(folder, "transitions", "journal.jsonl"));
  const ledger = new Ledger({ scenes: new Map() }, (entry) => journal.append(entry));
  const began = performance.now();
  const intent = {
    fingerprint: DIGEST,
    recipe: RECIPE,
    provider: "anyfast",
    body: DIGEST,
    at: "2026-01-01T00:00:00.000Z",
  };
  for (let i = 0; i < TRANSITIONS; i++) ledger.observe(`s${i}`, 1, { kind: "intent", intent });
  journal.close();
  return (performance.now() - began) / TRANSITIONS;
}

try {
  const line = JSON.stringify({ v: 1, kind: "observed", recipe: RECIPE }) + "\n";
  const [plain, transition] = [plainFlushMs(line), transitionMs()];
  const ratio = (transition / plain).toFixed(2);
  console.log(
    `one flushed transition: ${transition.toFixed(3)} ms, ${ratio} × a line written and flushed alone`,
  );
  const rounds = Array.from({ length: ROUNDS }, (_, i) => {
    const safe = secondsOfRun(fs, `safe-${i}`);
    return { safe, bare: secondsOfRun(unflushed, `bare-${i}`) };
  });
  const safe = median(rounds.map((round) => round.safe));
  const bare = median(rounds.map((round) => round.bare));
  console.log(
    `${TAKES} takes, from intent to selected: ${safe.toFixed(2)} s, ${bare.toFixed(2)} s without flushing: ${(((safe - bare) / TAKES) * 1000).toFixed(2)} ms more a take`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
