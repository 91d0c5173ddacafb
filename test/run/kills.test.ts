import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startCopyingService } from "../support/copying-service.ts";
import { startProgram, statsOf, TestProject } from "../support/program.ts";

const STORYBOARD = `version: 1
defaults: { resolution: 480p, ratio: "16:9", duration: 4 }
scenes:
  - { id: dawn, prompt: At dawn. }
  - { id: climb, extend: dawn, prompt: He climbs. }
`;

/** All flushes in turn and so many random moments with `npm run kills -- --times N`; a few of each in `npm test`. */
const times = Number(process.env["STORYC_KILLS"] ?? 0);
const seed = Number(process.env["STORYC_KILLS_SEED"] ?? 1);
const EVERY = times > 0 ? 1 : 4;
const RANDOM_KILLS = times > 0 ? times : 4;
const PRELOAD = pathToFileURL(join(import.meta.dirname, "../support/kill-at-flush.mjs")).href;

const service = await startCopyingService(0.05);
afterAll(() => service.close());

interface Killed {
  readonly project: TestProject;
  readonly wasKilled: boolean;
}

/** A render that is killed after so many flushes, or after so many milliseconds. */
async function renderAndKill(kill: { readonly flush: number } | { readonly after: number }): Promise<Killed> {
  const project = new TestProject(service.url);
  project.write(STORYBOARD);
  const args = ["render", "--provider", "anyfast", "--yes", "--json", "--poll-first", "0.05"];
  const env = { ANYFAST_BASE_URL: service.url, ANYFAST_API_KEY: "x" };
  const preload = {
    NODE_OPTIONS: `--import ${PRELOAD}`,
    STORYC_TEST_KILL_AT: "flush" in kill ? `${kill.flush}` : "0",
  };
  const { child, ended } = startProgram([...args, "--poll-every", "0.05"], project.folder, {
    ...env,
    ...preload,
  });
  const timer = "after" in kill && setTimeout(() => child.kill("SIGKILL"), kill.after);
  const { signal } = await ended;
  if (timer) clearTimeout(timer);
  return { project, wasKilled: signal === "SIGKILL" };
}

/** What a run after the kill owes the person; tells how many takes are left to them. */
async function expectSafe({ project }: Killed, when: string): Promise<number> {
  const before = await statsOf(service.url);
  const accepted = project.journal().filter((line) => line.endsWith("accepted"));
  const next = await project.render();
  const again = await project.render();
  const created = (await statsOf(service.url)).created - before.created;
  const unknown = project.takes.filter((take) => take.endsWith("unknown"));
  // Labels of all takes that exist: a number above one would be a scene that was sent again.
  expect(
    project.takes.filter((take) => !take.includes("#1 ")),
    when,
  ).toEqual([]);
  for (const line of accepted)
    expect(next.scenes[line.split(" ")[0] ?? ""], `${when}: ${line}`).toMatch(/done|reused/);
  expect(created, when).toBeLessThanOrEqual(2 - accepted.length);
  expect(again.sent, when).toEqual([]);
  if (unknown.length === 0)
    expect(next, when).toMatchObject({ exit: 0, film: { state: expect.stringMatching(/made|current/) } });
  project.remove();
  return unknown.length;
}

test(
  "killed after any flush, a run loses no task and creates nothing twice",
  { timeout: 900_000 },
  async () => {
    let kills = 0;
    let unknown = 0;
    for (let flush = 1; ; flush += EVERY) {
      const killed = await renderAndKill({ flush });
      unknown += await expectSafe(killed, `killed after flush ${flush}`);
      if (!killed.wasKilled) break;
      kills++;
    }
    expect(kills).toBeGreaterThan(20 / EVERY);
    if (times > 0) console.log(`${kills} kills, one after each flush; ${unknown} takes unknown`);
  },
);

test("killed at random moments, likewise", { timeout: 900_000 }, async () => {
  // A small generator of its own: what failed can be repeated by its seed.
  let state = seed;
  const fraction = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  let kills = 0;
  let unknown = 0;
  for (let time = 0; time < RANDOM_KILLS; time++) {
    const after = 60 + fraction() * 700;
    const killed = await renderAndKill({ after });
    unknown += await expectSafe(killed, `seed ${seed}, killed after ${after.toFixed(1)} ms`);
    if (killed.wasKilled) kills++;
  }
  expect(kills).toBeGreaterThan(0);
  if (times > 0) console.log(`seed ${seed}: ${kills} kills at random moments; ${unknown} takes unknown`);
});
