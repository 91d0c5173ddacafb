import { PROGRAM } from "./program.ts";
import { simulate } from "./simulate.ts";

/** What is wrong, with the seed that shows it again: `npm run simulate -- --story SEED`. */
export async function simulateSeeds(from: number, to: number): Promise<string[]> {
  const wrong: string[] = [];
  for (let seed = from; seed <= to && wrong.length < 3; seed++) {
    const { violation } = await simulate(seed, PROGRAM);
    if (violation !== undefined) wrong.push(`seed ${seed}: ${violation}`);
  }
  return wrong;
}
