import type { Context } from "hono";
import type { Core } from "./core.ts";
import { carryOut } from "./faults/carry-out.ts";
import type { CallEffect, CallFault } from "./faults/fault.ts";
import { refuse } from "./refuse.ts";
import type { Shape } from "./shapes/shapes.ts";

/** `POST` of a task, answered in a shape. */
export async function answerCreate(c: Context, core: Core, shape: Shape): Promise<Response> {
  const created = await core.create(await c.req.text(), labelOf(c));
  switch (created.kind) {
    case "refused":
      return refuse(c, created.error, shape);
    case "struck":
      return strike(c, created.fault, shape);
    case "created":
      return strike(c, created.fault, shape, c.json(shape.created(created.task)));
  }
}

/** `GET` of a task, answered in a shape. */
export async function answerLook(c: Context, core: Core, shape: Shape): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const looked = await core.look(id);
  const answer =
    looked.kind === "seen" ? c.json(shape.task(looked.view)) : refuse(c, shape.missing(id), shape);
  return strike(c, looked.fault, shape, answer);
}

/** The answer as a fault leaves it. */
export async function strike(
  c: Context,
  fault: CallFault | undefined,
  shape: Pick<Shape, "error">,
  answer?: Response,
): Promise<Response> {
  if (!fault || isOwn(fault.effect)) return answer ?? c.body(null, 500);
  return carryOut(c, fault.effect, (at, error, relayed) => refuse(at, error, shape, relayed), answer);
}

/** Effects that are in the answer already. */
function isOwn(effect: CallEffect): effect is Extract<CallEffect, { kind: "no-link" | "no-range" }> {
  return effect.kind === "no-link" || effect.kind === "no-range";
}

function labelOf(c: Context): string {
  return c.req.header("x-client-request-id") ?? "";
}
