import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import type { ServerResponse } from "node:http";
import { unreachable } from "../../base/unreachable.ts";
import type { CallEffect } from "./fault.ts";
import type { ApiError } from "../request.ts";

type Refuse = (c: Context, error: ApiError, relayed: boolean) => Response;

/** Effects that a route has to know of, since they change what it answers. */
type OwnEffect = Extract<CallEffect, { kind: "no-link" | "no-range" }>;
export type PlainEffect = Exclude<CallEffect, OwnEffect>;

/** Answers a call as a fault wants it. `answer` is what it would have been, where the call was carried out. */
export async function carryOut(
  c: Context,
  effect: PlainEffect,
  refuse: Refuse,
  answer?: Response,
): Promise<Response> {
  switch (effect.kind) {
    case "error":
      return refuse(c, effect.error, effect.relayed);
    case "page":
      return pageOf(effect);
    case "data-null":
      return c.json({ code: "success", message: "", data: null });
    case "reset":
      return reset(outgoingOf(c));
    case "stall":
      return stall(outgoingOf(c), effect.seconds);
    case "cut":
      return cut(outgoingOf(c), answer ?? new Response(""), effect.bytes);
    default:
      return unreachable(effect);
  }
}

const PAGES = {
  html: "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
  empty: "",
  garbage: '\u0000\u0001{"id": "cgt-2026',
} as const;

function pageOf({ body, status }: { body: keyof typeof PAGES; status: number }): Response {
  const type = { html: "text/html", empty: "text/plain", garbage: "application/json" }[body];
  return new Response(PAGES[body], { status, headers: { "content-type": type } });
}

function outgoingOf(c: Context): ServerResponse {
  return (c.env as HttpBindings).outgoing as ServerResponse;
}

function reset(outgoing: ServerResponse): Response {
  outgoing.socket?.resetAndDestroy();
  return RESPONSE_ALREADY_SENT;
}

async function stall(outgoing: ServerResponse, seconds: number | undefined): Promise<Response> {
  await new Promise<void>((resolve) => {
    const timer = seconds === undefined ? undefined : setTimeout(resolve, seconds * 1000);
    outgoing.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return reset(outgoing);
}

/** Head and length are those of the whole answer; its body ends before. */
async function cut(outgoing: ServerResponse, answer: Response, bytes: number | undefined): Promise<Response> {
  const whole = Buffer.from(await answer.arrayBuffer());
  const part = whole.subarray(0, Math.min(bytes ?? Math.floor(whole.length / 2), whole.length));
  outgoing.writeHead(answer.status, {
    ...Object.fromEntries(answer.headers),
    "content-length": whole.length,
  });
  await new Promise<void>((resolve) => outgoing.write(part, () => resolve()));
  outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}
