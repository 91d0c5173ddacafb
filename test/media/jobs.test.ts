import { buildSync } from "esbuild";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ChildCrashed, JobProcess } from "../../src/media/jobs.ts";
import { scratch } from "./drawn.ts";

const { path, remove } = scratch();
afterAll(remove);

const CHILD = `
  import { serveJobs } from "./jobs.mjs";
  serveJobs({
    double: (input) => input.map((number) => number * 2),
    pid: () => process.pid,
    fail: (input) => { throw new Error("no " + input); },
    hang: () => new Promise(() => setInterval(() => undefined, 1000)),
    cancelled: (_, signal) => new Promise((resolve) => { if (signal.aborted) resolve(); signal.onabort = () => resolve(); }),
    crash: () => { console.error("last words"); process.abort(); },
    noise: () => { console.log("noise"); return 1; },
  });`;

const PARENT = `
  import { JobProcess } from "./jobs.mjs";
  const child = new JobProcess(new URL("./child.mjs", import.meta.url).pathname);
  console.log(await child.run("pid"));
  await child.run("noise");
  if (process.argv[2] === "hang") await child.run("hang");`;

type Table = {
  double: (input: Float32Array) => Float32Array;
  pid: (input?: undefined) => number;
  fail: (input: string) => void;
  hang: (input?: undefined) => Promise<void>;
  crash: (input?: undefined) => void;
};

beforeAll(() => {
  buildSync({
    entryPoints: ["src/media/jobs.ts"],
    outfile: path("jobs.mjs"),
    format: "esm",
    platform: "node",
  });
  writeFileSync(path("child.mjs"), CHILD);
  writeFileSync(path("parent.mjs"), PARENT);
});

describe("jobs in a child process", () => {
  test("results cross as they are, typed arrays too", async () => {
    const child = new JobProcess<Table>(path("child.mjs"));
    expect(await child.run("double", Float32Array.of(1, 2.5))).toEqual(Float32Array.of(2, 5));
    await child.close();
  });

  test("an error of a job is that job's error, and the child lives on", async () => {
    const child = new JobProcess<Table>(path("child.mjs"));
    const before = await child.run("pid", undefined);
    await expect(child.run("fail", "paint")).rejects.toThrow("no paint");
    expect(await child.run("pid", undefined)).toBe(before);
    await child.close();
  });

  test("a crash costs the jobs in the child, with its last words, and the next job has a new child", async () => {
    const child = new JobProcess<Table>(path("child.mjs"));
    const before = await child.run("pid", undefined);
    const hanging = child.run("hang", undefined).catch((error: unknown) => error);
    const crashing = child.run("crash", undefined).catch((error: unknown) => error);
    const [first, second] = await Promise.all([hanging, crashing]);
    expect(first).toBeInstanceOf(ChildCrashed);
    expect(String(first)).toMatch(/"hang" ended \(SIG\w+\): .*last words/s);
    expect(second).toBeInstanceOf(ChildCrashed);
    expect(await child.run("pid", undefined)).not.toBe(before);
    await child.close();
  });

  test("cancelling the only job kills its child", async () => {
    const child = new JobProcess<Table>(path("child.mjs"));
    const pid = await child.run("pid", undefined);
    const controller = new AbortController();
    const hanging = child.run("hang", undefined, controller.signal);
    controller.abort(new Error("enough"));
    await expect(hanging).rejects.toThrow("enough");
    await gone(pid);
    expect(await child.run("pid", undefined)).not.toBe(pid);
    await child.close();
  });

  test("cancelling one of two jobs leaves the other alone", async () => {
    const child = new JobProcess<Table & { cancelled: () => Promise<void> }>(path("child.mjs"));
    const controller = new AbortController();
    const one = child.run("cancelled", undefined as never, controller.signal);
    const pid = child.run("pid", undefined);
    controller.abort(new Error("enough"));
    await expect(one).rejects.toThrow("enough");
    expect(await child.run("pid", undefined)).toBe(await pid);
    await child.close();
  });

  test("an entry that does not start is a clear error", async () => {
    const child = new JobProcess<Table>(path("nowhere.mjs"));
    await expect(child.run("pid", undefined)).rejects.toThrow(/"pid" ended \(exit 1\).*nowhere/s);
  });

  test("an idle child neither keeps its parent alive nor writes to its stdout", async () => {
    const ran = await promisify(execFile)(process.execPath, [path("parent.mjs")], { timeout: 20_000 });
    expect(ran.stdout).toMatch(/^\d+\n$/);
    expect(ran.stderr).toBe("");
    await gone(Number(ran.stdout));
  });

  test.skipIf(process.platform === "win32")("a busy child ends when its parent is killed", async () => {
    const parent = spawn(process.execPath, [path("parent.mjs"), "hang"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    parent.kill("SIGKILL");
    await gone(Number(line.toString()));
  });
});

/** Resolves when no process has this id; a zombie that nobody waits for counts as none. */
async function gone(pid: number): Promise<void> {
  while (alive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
