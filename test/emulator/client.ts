import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmulatorOptions } from "../../src/emulator/emulator.ts";
import type { ClipRenderer, RenderJob, RenderOutcome } from "../../src/emulator/renderer.ts";
import { startWith } from "../../src/emulator/start.ts";

export const GATEWAY = "/v1/video/generations";
export const ARK = "/api/v3/contents/generations/tasks";

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into answers of many shapes, and a wrong path fails them anyway.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly json: any;
}

/** A temporary folder for each call; `remove` deletes them all. */
export function folders(): { folder: () => string; remove: () => void } {
  const made: string[] = [];
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), "storyc-emulator-"));
    made.push(path);
    return path;
  };
  return { folder, remove: () => made.forEach((path) => rmSync(path, { recursive: true, force: true })) };
}

export async function call(
  base: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(base + path, {
    method,
    headers: { authorization: "Bearer key", "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json: unknown = answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
  return { status: answer.status, headers: answer.headers, json };
}

export function textRequest(prompt: string, more: object = {}): object {
  return {
    model: "seedance-2.0-mini",
    content: [{ type: "text", text: prompt }],
    duration: 4,
    resolution: "480p",
    ...more,
  };
}

export async function create(base: string, body: unknown, label = ""): Promise<string> {
  const headers: Record<string, string> = label ? { "x-client-request-id": encodeURIComponent(label) } : {};
  const answer = await call(base, "POST", GATEWAY, body, headers);
  if (answer.status !== 200) throw new Error(`refused: ${JSON.stringify(answer.json)}`);
  return answer.json.id as string;
}

/** Polls until the task has ended; answers the object of the model's maker inside the envelope. */
export async function ended(base: string, id: string, within = 30_000): Promise<Answer["json"]> {
  for (const until = Date.now() + within; Date.now() < until;) {
    const { json } = await call(base, "GET", `${GATEWAY}/${id}`);
    if (["SUCCESS", "FAILURE"].includes(json.data.status as string)) return json.data.data;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${id} did not end`);
}

/** Writes `a clip` in place of a clip, `wait` milliseconds later; for tests of what is around it. */
export class QuickRenderer implements ClipRenderer {
  readonly jobs: RenderJob[] = [];
  closed = false;
  private readonly wait: number;

  constructor(wait = 0) {
    this.wait = wait;
  }

  async render(job: RenderJob): Promise<RenderOutcome> {
    this.jobs.push(job);
    await new Promise((resolve) => setTimeout(resolve, this.wait));
    if (this.closed) return { kind: "failed", message: "closed" };
    mkdirSync(job.clips, { recursive: true });
    writeFileSync(job.output, "0123456789");
    return { kind: "rendered", clip: { width: 864, height: 496, frames: 97, inputVideoSeconds: 0 } };
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

export function startQuick(
  options: Partial<EmulatorOptions> & { folder: string },
  renderer = new QuickRenderer(),
  stead?: Parameters<typeof startWith>[3],
) {
  return startWith({ port: 0, ...options }, renderer, 2, stead);
}
