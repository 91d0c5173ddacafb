import { expect, test } from "vitest";
import { simulateSeeds } from "./seeds.ts";

/** Milliseconds: some 50 seconds where nothing else runs. */
const A_BUSY_MACHINE = 300_000;

test(
  "in the first thousand seeds, nothing is sent twice, no clip is lost, and all that can be made is made",
  async () => {
    expect(await simulateSeeds(1, 1000)).toEqual([]);
  },
  A_BUSY_MACHINE,
);
