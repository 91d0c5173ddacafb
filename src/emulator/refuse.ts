import type { Context } from "hono";
import type { ApiError } from "./request.ts";

/** Answers as the service does when it will not do what it is asked. */
export function refuse(c: Context, { status, code, message }: ApiError): Response {
  if (status === 429) c.header("Retry-After", "1");
  return c.json({ error: { code, message } }, status);
}
