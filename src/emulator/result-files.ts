import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import type { Context } from "hono";
import type { Core } from "./core.ts";
import { linkProblem, storeError } from "./links.ts";
import { SHAPES } from "./shapes/shapes.ts";
import { strike } from "./task-routes.ts";

/** Answers `GET` for the clip of a task that has succeeded, whole or one range of it, where the link is good. */
export async function answerFile(c: Context, core: Core): Promise<Response> {
  const { book, stats, faults, now } = core.parts;
  const [, id = ""] = /^(.*)\.mp4$/.exec(c.req.param("name") ?? "") ?? [];
  // A link is signed for one method.
  const problem = c.req.raw.method === "GET" ? linkProblem(new URL(c.req.url), now()) : "forged";
  if (problem) return c.body(storeError(problem), 403, { "content-type": "application/xml" });
  const task = await book.find(id);
  if (task?.state.kind !== "succeeded") return c.text("there is no such file\n", 404);
  stats.download(task);
  const fault = faults.atCall("download", core.subjectOf(id, task));
  const isOther = (c.req.header("if-range") ?? etagOf(id)) !== etagOf(id);
  const range = isOther || fault?.effect.kind === "no-range" ? undefined : c.req.header("range");
  const answer = await fileAnswer(book.files.clip(id), id, range);
  stats.sent(Number(answer.headers.get("content-length") ?? 0));
  return strike(c, fault, SHAPES.envelope, answer);
}

async function fileAnswer(path: string, id: string, asked: string | undefined): Promise<Response> {
  const { size } = await stat(path);
  const range = readRange(asked, size);
  const headers: Record<string, string> = {
    "content-type": "video/mp4",
    "accept-ranges": "bytes",
    etag: etagOf(id),
  };
  if (range.kind === "beyond")
    return new Response(null, { status: 416, headers: { ...headers, "content-range": `bytes */${size}` } });
  headers["content-length"] = String(range.end - range.start);
  if (range.kind === "part") headers["content-range"] = `bytes ${range.start}-${range.end - 1}/${size}`;
  const status = range.kind === "part" ? 206 : 200;
  const stream = createReadStream(path, { start: range.start, end: range.end - 1 });
  return new Response(Readable.toWeb(stream) as ReadableStream, { status, headers });
}

function etagOf(id: string): string {
  return `"${id}"`;
}

/** Bytes, end excluded. */
type Range =
  | { readonly kind: "whole"; readonly start: 0; readonly end: number }
  | { readonly kind: "part"; readonly start: number; readonly end: number }
  | { readonly kind: "beyond" };

/** What is no single range in bytes is ignored, as the standard asks. */
function readRange(header: string | undefined, size: number): Range {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (from === "" && to === "") return { kind: "whole", start: 0, end: size };
  if (from === "") return { kind: "part", start: Math.max(0, size - Number(to)), end: size };
  const start = Number(from);
  if (start >= size) return { kind: "beyond" };
  const end = to === "" ? size : Math.min(size, Number(to) + 1);
  return end > start ? { kind: "part", start, end } : { kind: "whole", start: 0, end: size };
}
