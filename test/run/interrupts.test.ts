import { afterEach, expect, test } from "vitest";
import { startCopyingService } from "../support/copying-service.ts";
import { readRendered, statsOf, TestProject, until } from "../support/program.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Two tasks that go on for a while, a request that is never answered, and what cannot begin before. */
const STORYBOARD = `version: 1
defaults: { resolution: 480p, ratio: "16:9", duration: 4 }
scenes:
  - { id: dawn, prompt: A lamp. }
  - { id: radio, prompt: A radio. }
  - { id: hung, prompt: "[[stall 60]] A harbour." }
  - { id: climb, extend: dawn, prompt: Up the stairs. }
`;

type Started = ReturnType<TestProject["start"]>;

/** A run of which two tasks are known and the answer to one request is waited for. */
async function openRunning(...more: string[]): Promise<{ project: TestProject } & Started> {
  const service = await startCopyingService(30);
  const project = new TestProject(service.url);
  project.write(STORYBOARD);
  cleanups.push(
    () => service.close(),
    () => project.remove(),
  );
  const started = project.start("--concurrency", "4", ...more);
  cleanups.push(() => started.child.kill("SIGKILL"));
  const isRunning = (): boolean => {
    const journal = project.journal();
    return (
      journal.filter((line) => line.endsWith("accepted")).length === 2 && journal.includes("hung intent")
    );
  };
  await until(isRunning);
  return { project, ...started };
}

const KNOWN = ["dawn#1 submitted", "hung#1 unknown", "radio#1 submitted"];

async function expectEndInOrder({ project, ended }: { project: TestProject } & Started): Promise<void> {
  const at = Date.now();
  const { exit, signal } = await ended;
  expect([exit, signal]).toEqual([130, null]);
  // More than a second of it is the moment that the answer is given.
  expect(Date.now() - at).toBeLessThan(2000);
  expect(project.takes).toEqual(KNOWN);
  expect(project.files().filter((name) => /film\.paid/.test(name))).toEqual([]);
  expect((await statsOf(project.service)).requests["create"]).toBe(3);
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends a run within two seconds, with everything written down",
  async (signal) => {
    const running = await openRunning();
    running.child.kill(signal);
    await expectEndInOrder(running);
    const { scenes } = readRendered(await running.ended);
    expect(scenes).toEqual({ dawn: "unfinished", radio: "unfinished", hung: "unknown", climb: "blocked" });
  },
);

test("a terminal that closes says so many times over, and is waited for as one interrupt is", async () => {
  const running = await openRunning();
  running.child.stdout?.destroy();
  running.child.stderr?.destroy();
  for (let times = 0; times < 3; times++) running.child.kill("SIGHUP");
  await expectEndInOrder(running);
});

test("a run whose output nobody reads any more ends in order", async () => {
  const running = await openRunning();
  running.child.stdout?.destroy();
  await expectEndInOrder(running);
});

test("a second Ctrl-C does not wait for the answer", async () => {
  const { project, child, ended } = await openRunning();
  const at = Date.now();
  child.kill("SIGINT");
  await new Promise((resolve) => child.stderr?.once("data", resolve));
  child.kill("SIGINT");
  expect((await ended).exit).toBe(130);
  expect(Date.now() - at).toBeLessThan(1000);
  // What the journal has is taken up by the next run.
  const next = await project.render("--deadline", "0.2");
  expect(next, next.stderr).toMatchObject({ exit: 3, sent: [] });
  expect(project.takes).toEqual(KNOWN);
});
