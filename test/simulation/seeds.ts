import { PROGRAM } from "./program.ts";
import { simulate } from "./simulate.ts";

/** Milliseconds for a thousand seeds: some 50 seconds where nothing else runs. */
export const A_BUSY_MACHINE = 300_000;

/** What is wrong, with the seed that shows it again: `npm run simulate -- --story SEED`. */
export async function simulateSeeds(from: number, to: number): Promise<string[]> {
  const wrong: string[] = [];
  for (let seed = from; seed <= to && wrong.length < 3; seed++) {
    const { violation } = await simulate(seed, PROGRAM);
    if (violation !== undefined) wrong.push(`seed ${seed}: ${violation}`);
  }
  return wrong;
}
