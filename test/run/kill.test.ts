import { afterEach, expect, test } from "vitest";
import { startCopyingService } from "../support/copying-service.ts";
import { statsOf, TestProject, until } from "../support/program.ts";

const STORYBOARD = `version: 1
defaults: { resolution: 480p, ratio: "16:9", duration: 4 }
scenes:
  - id: dawn
    prompt: The sun rises over a quiet harbour.
  - id: climb
    extend: dawn
    prompt: A keeper climbs the stairs.
  - id: radio
    prompt: A radio reads the forecast.
`;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function open(taskSeconds = 0): Promise<TestProject> {
  const service = await startCopyingService(taskSeconds);
  const project = new TestProject(service.url);
  project.write(STORYBOARD);
  cleanups.push(
    () => service.close(),
    () => project.remove(),
  );
  return project;
}

const JOURNAL = ".storyc/journal/film.paid.jsonl";

/** Kills a run as soon as the journal that it has begun says so; false when it had ended before. */
async function killWhen(
  project: TestProject,
  ready: (journal: readonly string[]) => boolean,
  ...more: string[]
): Promise<boolean> {
  const left = project.read(JOURNAL) ?? "";
  const isNew = (): boolean => left === "" || !(project.read(JOURNAL) ?? "").startsWith(left);
  const { child, ended } = project.start(...more);
  let over = false;
  void ended.then(() => (over = true));
  await until(() => over || (isNew() && ready(project.journal())));
  child.kill("SIGKILL");
  return (await ended).signal === "SIGKILL";
}

test("after a kill, finished scenes are reused, running tasks collected, and nothing is created twice", async () => {
  const project = await open(0.5);
  const killed = await killWhen(
    project,
    (journal) => journal.includes("dawn stored") && journal.includes("climb accepted"),
  );
  expect(killed).toBe(true);
  const next = await project.render();
  expect(next, next.stderr).toMatchObject({ exit: 0, sent: [], film: { state: "made" } });
  expect(next.scenes).toMatchObject({ dawn: "reused", climb: "done" });
  expect((await statsOf(project.service)).labels).toEqual({ dawn: 1, climb: 1, radio: 1 });
});

test("a task that was running at the kill is collected when it has ended in the meantime", async () => {
  const project = await open(0.2);
  await killWhen(
    project,
    (journal) => journal.includes("dawn accepted") && journal.includes("radio accepted"),
  );
  await until(async () => (await statsOf(project.service)).tasks["succeeded"] === 2);
  const next = await project.render();
  expect(next, next.stderr).toMatchObject({ exit: 0, sent: ["climb"] });
  expect((await statsOf(project.service)).created).toBe(3);
});

test("killed again and again, each time a line later, no run ever creates a clip twice", async () => {
  const project = await open();
  const ids = Array.from({ length: 12 }, (_, i) => `s${i}`);
  const scenes = ids.map((id) => `  - { id: ${id}, prompt: Number ${id}. }\n`).join("");
  project.write(STORYBOARD.replace(/ {2}- id:[^]*/, scenes));
  let kills = 0;
  const inOrder = ["--concurrency", "1"];
  for (let lines = 1; await killWhen(project, (journal) => journal.length >= lines, ...inOrder); lines++)
    kills++;
  expect(kills).toBeGreaterThan(2);
  const last = await project.render();
  const { labels, created } = await statsOf(project.service);
  expect(Object.values(labels)).toEqual(Array(created).fill(1));
  // What was killed between its request and its answer is unknown, and waits for a person; all else is made.
  const unknown = project.takes.filter((take) => take.endsWith("unknown"));
  expect(last.exit).toBe(unknown.length > 0 ? 3 : 0);
  const blocked = Object.values(last.scenes).filter((state) => state === "blocked");
  const ready = Object.values(last.scenes).filter((state) => state === "reused" || state === "done");
  expect([blocked.length, ready.length]).toEqual([unknown.length, ids.length - unknown.length]);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "killed at line %i of its journal, a render loses no task",
  async (lines) => {
    const project = await open(0.05);
    await killWhen(project, (journal) => journal.length >= lines);
    const accepted = project.journal().filter((line) => line.endsWith("accepted"));
    const next = await project.render();
    const after = await project.render();
    const { created, labels } = await statsOf(project.service);
    expect(Object.values(labels)).toEqual(Array(created).fill(1));
    for (const line of accepted) expect(next.scenes[line.split(" ")[0] ?? ""], line).toMatch(/done|reused/);
    expect(after.sent).toEqual([]);
  },
);
