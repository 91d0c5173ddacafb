// `npm run simulate`: any number of seeds, on all cores, and the story of one that goes wrong.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { PROGRAM } from "./program.ts";
import { addFigures, figuresText, noFigures } from "./figures.ts";
import { simulate, type Figures, type Simulated } from "./simulate.ts";

/** Seeds that one worker is given at a time. */
const PORTION = 250;
const TELL_EVERY_MS = 10_000;
const MOST_TOLD = 5;

interface Portion {
  readonly from: number;
  readonly seeds: number;
}

interface Report {
  readonly figures: Figures;
  readonly wrong: readonly Pick<Simulated, "seed" | "violation">[];
}

async function simulateAll({ from, seeds }: Portion): Promise<Report> {
  const figures = noFigures();
  const wrong: Simulated[] = [];
  for (let seed = from; seed < from + seeds; seed++) {
    const simulated = await simulate(seed, PROGRAM);
    addFigures(figures, simulated.figures);
    if (simulated.violation !== undefined) wrong.push(simulated);
  }
  return { figures, wrong };
}

/** A worker asks for seeds until there are none left. */
function work(file: URL, next: () => Portion | undefined, tell: (report: Report) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: "simulate" });
    const hand = (): void => {
      const portion = next();
      if (portion) worker.postMessage(portion);
      else void worker.terminate().then(() => resolve());
    };
    worker.on("error", reject);
    worker.on("message", (report: Report) => {
      tell(report);
      hand();
    });
    hand();
  });
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "2000" },
      from: { type: "string", default: "1" },
      jobs: { type: "string", default: String(availableParallelism()) },
      story: { type: "string" },
    },
  });
  if (values.story !== undefined) return tellStory(Number(values.story));
  const [seeds, from, jobs] = [values.seeds, values.from, values.jobs].map(Number) as [
    number,
    number,
    number,
  ];
  if (![seeds, from, jobs].every((value) => Number.isInteger(value) && value > 0)) {
    console.error("usage: npm run simulate -- [--seeds N] [--from S] [--jobs N] | --story SEED");
    return 2;
  }
  const figures = noFigures();
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  let [at, done, wrong, told] = [from, 0, 0, 0];
  const next = (): Portion | undefined => {
    const portion = { from: at, seeds: Math.min(PORTION, from + seeds - at) };
    at += portion.seeds;
    return portion.seeds > 0 && wrong < MOST_TOLD ? portion : undefined;
  };
  const tell = (report: Report): void => {
    addFigures(figures, report.figures);
    done += PORTION;
    for (const { seed, violation } of report.wrong)
      if (wrong++ < MOST_TOLD)
        console.log(`seed ${seed}: ${violation}\n  npm run simulate -- --story ${seed}`);
    if (seconds() * 1000 < (told + 1) * TELL_EVERY_MS) return;
    told = Math.floor((seconds() * 1000) / TELL_EVERY_MS);
    console.error(`${Math.min(done, seeds)} seeds, ${Math.round(done / seconds())} a second`);
  };
  await Promise.all(Array.from({ length: jobs }, () => work(new URL(import.meta.url), next, tell)));
  console.log(`seeds ${from} to ${at - 1} in ${seconds().toFixed(0)} s: ${figuresText(figures)}`);
  console.log(
    wrong === 0 ? "nothing was sent twice, no clip was lost, the cap was kept" : "something is wrong",
  );
  return wrong === 0 ? 0 : 1;
}

async function tellStory(seed: number): Promise<number> {
  const { story, violation } = await simulate(seed, PROGRAM, true);
  for (const line of story) console.log(line);
  console.log(violation ?? "all was well");
  return violation === undefined ? 0 : 1;
}

// What is thrown and caught by the thousand needs no stack.
Error.stackTraceLimit = 2;
if (isMainThread) process.exitCode = await main();
else if (workerData === "simulate")
  parentPort?.on("message", (portion: Portion) => {
    void simulateAll(portion).then((report) => parentPort?.postMessage(report));
  });
