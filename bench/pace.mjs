// How soon the end of a task is seen, and with how many looks: the real poller in simulated time, on tasks that last
// as those of the service were reported to (one to five minutes, skewed, some ten). Wanted: within 10 % of the task's
// duration with at most 12 looks, in the median. `node bench/pace.mjs [seed]`
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { median } from "./measure.mjs";

const TASKS = 1000;
const IN_FLIGHT = 3;
const KIND = { model: "seedance-2.0-mini", resolution: "720p", duration: 5 };

const source = fileURLToPath(new URL("../src/", import.meta.url));
const parts = ["execute/poller", "execute/request-budget", "execute/task-times", "service/pace"];
const { outputFiles } = await build({
  stdin: { contents: parts.map((part) => `export * from "./${part}.ts";`).join("\n"), resolveDir: source },
  bundle: true,
  format: "esm",
  write: false,
});
const code = Buffer.from(outputFiles[0].contents).toString("base64");
const { Poller, RequestBudget, TaskTimes, nextLook, PACE } = await import(
  `data:text/javascript;base64,${code}`
);

/** Mulberry32: the same seed gives the same tasks. */
function randomFrom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Seconds: log-normal about 130, nine in ten between one and five minutes; one in forty takes ten. */
function durationFrom(random) {
  if (random() < 1 / 40) return 540 + 120 * random();
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return 130 * Math.exp(0.48 * normal);
}

/** Time that jumps from one sleeper to the next. */
class JumpingClock {
  #now = 0;
  #sleepers = new Set();
  now() {
    return this.#now;
  }
  sleep(ms, signal) {
    if (signal.aborted || ms === Infinity)
      return new Promise((done) => signal.addEventListener("abort", done));
    return new Promise((resolve) => {
      const sleeper = { until: this.#now + ms, wake: () => (this.#sleepers.delete(sleeper), resolve()) };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", sleeper.wake);
    });
  }
  async run(work) {
    let ended = false;
    work.then(() => (ended = true));
    for (;;) {
      for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
      if (ended) return;
      let next;
      for (const sleeper of this.#sleepers) if (!next || sleeper.until < next.until) next = sleeper;
      this.#now = next.until;
      next.wake();
    }
  }
}

async function measure(seed, known) {
  const random = randomFrom(seed);
  const clock = new JumpingClock();
  const ends = new Map();
  const looks = new Map();
  const asked = [];
  const service = {
    poll: async (task) => {
      looks.set(task, (looks.get(task) ?? 0) + 1);
      asked.push(clock.now());
      return clock.now() >= ends.get(task) ? { kind: "succeeded", url: "" } : { kind: "pending" };
    },
  };
  const times = new TaskTimes({ scenes: new Map() }, "anyfast");
  for (let i = 0; i < known; i++) times.note(KIND, durationFrom(random));
  const never = new AbortController().signal;
  const budget = new RequestBudget(120, clock);
  const pace = (at) => nextLook(at, PACE, random());
  const poller = new Poller(service, clock, pace, budget, never);
  const shares = [];
  const counts = [];
  let begun = 0;
  const place = async () => {
    while (begun < TASKS) {
      const task = String(begun++);
      const since = clock.now();
      const duration = durationFrom(random);
      ends.set(task, since + duration * 1000);
      const watched = {
        task,
        since,
        patience: 3_600_000,
        known: times.of(KIND),
        onProgress: () => undefined,
      };
      const { took } = await poller.watch(watched);
      // A lock without any record stays one, to show the beginning.
      if (known > 0 && took !== undefined) times.note(KIND, took);
      shares.push((clock.now() - ends.get(task)) / 1000 / duration);
      counts.push(looks.get(task));
    }
  };
  await clock.run(Promise.all(Array.from({ length: IN_FLIGHT }, place)));
  const perMinute = Math.max(
    ...asked.map((at, i) => asked.slice(i).findIndex((other) => other >= at + 60_000)),
  );
  return { shares, counts, perMinute };
}

const at = (values, part) => [...values].sort((a, b) => a - b)[Math.floor(values.length * part)];
const percent = (share) => `${(share * 100).toFixed(1)} %`;
const seed = Number(process.argv[2] ?? 1);
for (const [name, known] of [
  ["nothing in the lock", 0],
  ["10 tasks in the lock", 10],
  ["40 tasks in the lock", 40],
]) {
  const { shares, counts, perMinute } = await measure(seed, known);
  console.log(
    `${name}: end seen ${percent(median(shares))} of its duration late in the median, ${percent(at(shares, 0.9))} in nine of ten ` +
      `(wanted ≤ 10 %); ${median(counts)} looks in the median, ${at(counts, 0.9)} in nine of ten (wanted ≤ 12); ` +
      `at most ${perMinute} looks in a minute`,
  );
}
