import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createSource } from "../base/source.ts";
import { REQUEST_BYTES } from "../base/limits.ts";
import { diagnosticLine } from "./faults/diagnostic-line.ts";
import { readFaults } from "./faults/read-faults.ts";
import { arkRoutes } from "./ark-routes.ts";
import { assetRoutes } from "./assets/asset-routes.ts";
import type { Core } from "./core.ts";
import { refuse } from "./refuse.ts";
import type { ApiError } from "./request.ts";
import { answerFile } from "./result-files.ts";
import { SHAPES, type AnswerShape, type Shape } from "./shapes/shapes.ts";
import { answerCreate, answerLook } from "./task-routes.ts";

interface RouteOptions {
  readonly core: Core;
  /** Of the gateway's routes; the others have their own. */
  readonly shape: AnswerShape;
  readonly key: string | undefined;
}

const GATEWAY = "/v1/video/generations";

export function createRoutes({ core, shape, key }: RouteOptions): Hono {
  const app = new Hono();
  const gateway: Shape = SHAPES[shape];
  const shapeOf = (c: Context): Shape => (c.req.path.startsWith("/api/v3/") ? SHAPES.ark : gateway);
  const limit = bodyLimit({ maxSize: REQUEST_BYTES, onError: (c) => refuse(c, TOO_LARGE, shapeOf(c)) });
  for (const path of ["/v1/*", "/api/v3/*", "/volc/*"])
    app.use(path, async (c, next) => (keyFits(c, key) ? next() : refuse(c, BAD_KEY, shapeOf(c))));
  for (const path of ["/v1/*", "/api/v3/*"]) app.use(path, limit);
  app.post(GATEWAY, (c) => answerCreate(c, core, gateway));
  app.get(`${GATEWAY}/:id`, (c) => answerLook(c, core, gateway));
  app.get("/v1/videos/:id", (c) => answerLook(c, core, SHAPES.openai));
  arkRoutes(app, core);
  assetRoutes(app, core);
  app.get("/files/:name", (c) => answerFile(c, core));
  ownRoutes(app, core);
  app.onError((error, c) => refuse(c, { status: 500, code: "InternalServiceError", message: error.message }));
  app.notFound((c) =>
    refuse(c, { status: 404, code: "NotFound", message: `no route ${c.req.method} ${c.req.path}` }),
  );
  return app;
}

/** What no real service has: what was asked of this one, and what it is to do wrong from now on. */
function ownRoutes(app: Hono, { parts: { stats, faults } }: Core): void {
  app.get("/__stats", (c) => c.json(stats.report()));
  app.put("/__faults", async (c) => {
    const read = readFaults(createSource("faults", "", await c.req.text()));
    if (read.diagnostics.length > 0) return c.json({ errors: read.diagnostics.map(diagnosticLine) }, 400);
    faults.replace(read.faults);
    return c.json({ faults: read.faults.length });
  });
}

function keyFits(c: Context, key: string | undefined): boolean {
  const [, given = ""] = /^Bearer\s+(\S.*)$/i.exec(c.req.header("authorization") ?? "") ?? [];
  return key === undefined ? given !== "" : given.trim() === key;
}

const BAD_KEY: ApiError = {
  status: 401,
  code: "AuthenticationError",
  message: "the API key is missing or wrong: send `Authorization: Bearer KEY`",
};

const TOO_LARGE: ApiError = {
  status: 400,
  code: "InvalidParameter",
  message: `the request body is larger than ${REQUEST_BYTES / 1024 / 1024} MB`,
};
