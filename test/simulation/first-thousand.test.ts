import { expect, test } from "vitest";
import { A_BUSY_MACHINE, simulateSeeds } from "./seeds.ts";

test(
  "in the first thousand seeds, nothing is sent twice, no clip is lost, and all that can be made is made",
  async () => {
    expect(await simulateSeeds(1, 1000)).toEqual([]);
  },
  A_BUSY_MACHINE,
);
