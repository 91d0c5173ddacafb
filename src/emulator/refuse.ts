import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ApiError } from "./request.ts";
import { relayedError, SHAPES, type Shape } from "./shapes/shapes.ts";

/** Answers as the service does when it will not do what it is asked; `relayed` by a gateway in front of it. */
export function refuse(
  c: Context,
  error: ApiError,
  shape: Pick<Shape, "error"> = SHAPES.envelope,
  relayed = false,
): Response {
  const { status, retryAfter = status === 429 ? { seconds: 1, asDate: false } : undefined } = error;
  if (retryAfter) {
    const at = new Date(Date.now() + retryAfter.seconds * 1000);
    c.header("Retry-After", retryAfter.asDate ? at.toUTCString() : String(retryAfter.seconds));
  }
  return c.json(relayed ? relayedError(error) : shape.error(error), status as ContentfulStatusCode);
}
