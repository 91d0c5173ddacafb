import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { probeMedia } from "../../src/media/probe.ts";
import { runProgram, startEmulatorProgram, statsOf, TestProject, type Rendered } from "../support/program.ts";

const CLIMB = "A keeper climbs the stairs.";
const STORYBOARD = `version: 1
defaults: { resolution: 480p, ratio: "16:9", duration: 4 }
scenes:
  - id: dawn
    prompt: The sun rises over a quiet harbour.
  - id: climb
    extend: dawn
    prompt: ${CLIMB}
  - id: lamp
    first_frame: climb.last_frame
    prompt: The lamp is lit.
  - id: radio
    prompt: A radio reads the forecast.
  - id: gulls
    prompt: Gulls circle a mast.
`;

/** Frames that a joint of an extended clip drops: six before it, one after it. */
const JOINT = 7;
const FRAMES = 97;

let emulator: Awaited<ReturnType<typeof startEmulatorProgram>>;
let project: TestProject;
let first: Rendered;

// One project for the tests below, each of which goes on from where the one before it has left it.
beforeAll(async () => {
  emulator = await startEmulatorProgram();
  project = new TestProject(emulator.url);
  project.write(STORYBOARD);
  first = await project.render("--concurrency", "2");
});
afterAll(async () => {
  await emulator.close();
  project.remove();
});

const clip = (scene: string): string => join(project.folder, "renders/film", `${scene}.mp4`);

test("a render makes every clip, and the film of them", async () => {
  expect(first, first.stderr).toMatchObject({ exit: 0, film: { state: "made" } });
  expect(Object.values(first.scenes)).toEqual(Array(5).fill("done"));
  for (const scene of Object.keys(first.scenes)) {
    const facts = await probeMedia(clip(scene));
    expect(facts).toMatchObject({ kind: "video", width: 864, height: 496, frames: FRAMES, sound: true });
  }
  expect((await statsOf(emulator.url)).labels).toEqual({ dawn: 1, climb: 1, lamp: 1, radio: 1, gulls: 1 });
});

test("the film is as long as its clips together, less what the joint of an extended clip drops", async () => {
  const frames = 5 * FRAMES - JOINT;
  const film = await probeMedia(clip("film"));
  expect(film).toMatchObject({ kind: "video", width: 864, height: 496, frames, sound: true });
  if (film.kind !== "video") throw new Error("no video");
  expect(film.seconds).toBeCloseTo(frames / 24, 1);
  expect(first.film.seconds).toBeCloseTo(frames / 24, 1);
});

test("the service never has more tasks at once than --concurrency", async () => {
  expect((await statsOf(emulator.url)).maxInFlight).toBe(2);
});

test("a second render asks the service for nothing, and leaves lockfile and film as they are", async () => {
  const before = [project.lockText, await statsOf(emulator.url), statSync(clip("film")).mtimeMs];
  const again = await project.render();
  expect(again).toMatchObject({ exit: 0, sent: [], film: { state: "current" } });
  expect(Object.values(again.scenes)).toEqual(Array(5).fill("reused"));
  expect([project.lockText, await statsOf(emulator.url), statSync(clip("film")).mtimeMs]).toEqual(before);
});

test("editing a prompt renders that scene and those that follow from it, and nothing else", async () => {
  const shown = ["dawn", "climb", "lamp"].map((scene) => readFileSync(clip(scene)));
  project.write(STORYBOARD.replace(CLIMB, "Two keepers climb the stairs."));
  const edited = await project.render();
  expect(edited, edited.stderr).toMatchObject({ exit: 0, film: { state: "made" } });
  expect(edited.sent).toEqual(["climb", "lamp"]);
  expect(edited.scenes).toEqual({
    dawn: "reused",
    climb: "done",
    lamp: "done",
    radio: "reused",
    gulls: "reused",
  });
  const same = ["dawn", "climb", "lamp"].map((scene, i) =>
    readFileSync(clip(scene)).equals(shown[i] as Buffer),
  );
  expect(same).toEqual([true, false, false]);
});

test("undoing the edit renders nothing: the takes from before are selected again", async () => {
  const { created } = await statsOf(emulator.url);
  project.write(STORYBOARD);
  const undone = await project.render();
  expect(undone, undone.stderr).toMatchObject({ exit: 0, sent: [], film: { state: "made" } });
  expect((await statsOf(emulator.url)).created).toBe(created);
  expect(project.takes.filter((take) => take.startsWith("climb"))).toEqual(["climb#1 done", "climb#2 done"]);
});

test("without a lockfile, what the store holds is not paid again", async () => {
  const { created } = await statsOf(emulator.url);
  rmSync(join(project.folder, "film.lock.json"));
  const found = await project.render();
  expect(found, found.stderr).toMatchObject({ exit: 0, sent: [] });
  expect((await statsOf(emulator.url)).created).toBe(created);
});

test("without the store, what the service still has is fetched and not paid again", async () => {
  const { created } = await statsOf(emulator.url);
  rmSync(join(project.folder, ".storyc"), { recursive: true });
  const before = project.lockText;
  const found = await project.render();
  expect(found, found.stderr).toMatchObject({ exit: 0, sent: [] });
  expect((await statsOf(emulator.url)).created).toBe(created);
  expect(project.lockText).toBe(before);
});

test("without a provider, the film is rehearsed in the same way, with a lockfile of its own", async () => {
  const rehearsal = new TestProject("");
  rehearsal.write(STORYBOARD.replace(/ {2}- id: lamp[^]*/, ""));
  const ended = await runProgram(["render"], rehearsal.folder);
  expect(ended, ended.stderr).toMatchObject({ exit: 0 });
  const film = await probeMedia(join(rehearsal.folder, "renders/film.rehearsal/film.mp4"));
  expect(film).toMatchObject({ kind: "video", frames: 2 * FRAMES - JOINT });
  expect(rehearsal.read("film.lock.json")).toBeUndefined();
  const lock = rehearsal.read("film.rehearsal.lock.json");
  expect(await runProgram(["render"], rehearsal.folder)).toMatchObject({ exit: 0 });
  expect(rehearsal.read("film.rehearsal.lock.json")).toBe(lock);
  rehearsal.remove();
});
