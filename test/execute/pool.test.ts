import { expect, test } from "vitest";
import { Pool } from "../../src/execute/pool.ts";
import { hold, settle, type Held } from "../support/held.ts";

/** Work that stays until it is released, and how much of it there was at once. */
class Bench {
  readonly started: string[] = [];
  readonly held = new Map<string, Held<string>>();
  now = 0;
  most = 0;

  work(name: string): () => Promise<string> {
    const held = hold<string>();
    this.held.set(name, held);
    return async () => {
      this.started.push(name);
      this.most = Math.max(this.most, ++this.now);
      const result = await held.promise;
      this.now--;
      return result;
    };
  }

  async release(...names: string[]): Promise<void> {
    for (const name of names) this.held.get(name)?.release(`${name} done`);
    await settle();
  }
}

test.each([1, 2, 3])("never more than %i at once, and all of it in the end", async (places) => {
  const bench = new Bench();
  const pool = new Pool(places);
  const names = Array.from({ length: 10 }, (_, i) => `w${i}`);
  const results = Promise.all(names.map((name) => pool.run(0, bench.work(name))));
  for (const name of names) {
    await settle();
    expect(bench.now).toBeLessThanOrEqual(places);
    await bench.release(name);
  }
  expect(await results).toEqual(names.map((name) => `${name} done`));
  expect(bench.most).toBe(places);
});

test("a place that becomes free goes to the best of those that wait then, the first of equals", async () => {
  const bench = new Bench();
  const pool = new Pool(1);
  const run = (name: string, priority: number): Promise<string> => pool.run(priority, bench.work(name));
  const all = [run("first", 0)];
  await settle();
  all.push(run("low", 1), run("middle", 5), run("high", 9), run("equal", 5));
  for (const name of ["first", "high", "middle", "equal", "low"]) await bench.release(name);
  await Promise.all(all);
  expect(bench.started).toEqual(["first", "high", "middle", "equal", "low"]);
});

test("work that fails gives its place back and its error to whoever asked", async () => {
  const pool = new Pool(1);
  const failing = pool.run(0, () => Promise.reject(new Error("full")));
  const next = pool.run(0, () => Promise.resolve("next"));
  await expect(failing).rejects.toThrow("full");
  expect(await next).toBe("next");
});
