import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { REQUEST_BYTES } from "../base/limits.ts";
import { assetRoutes } from "./assets/asset-routes.ts";
import { arkTask, createdAnswer, taskAnswer } from "./answers.ts";
import { missing, type Core } from "./core.ts";
import type { AnswerShape } from "./emulator.ts";
import type { ApiError } from "./request.ts";
import { refuse } from "./refuse.ts";
import { answerFile } from "./result-files.ts";
import type { Task } from "./task.ts";

interface RouteOptions {
  readonly core: Core;
  readonly shape: AnswerShape;
  readonly key: string | undefined;
}

const GATEWAY = "/v1/video/generations";
const ARK = "/api/v3/contents/generations/tasks";

export function createRoutes(options: RouteOptions): Hono {
  const { core } = options;
  const app = new Hono();
  const limit = bodyLimit({
    maxSize: REQUEST_BYTES,
    onError: (c) => refuse(c, tooLarge()),
  });
  for (const path of ["/v1/*", "/api/v3/*", "/volc/*"])
    app.use(path, async (c, next) => (keyFits(c, options.key) ? next() : refuse(c, badKey())));
  for (const path of ["/v1/*", "/api/v3/*"]) app.use(path, limit);
  gatewayRoutes(app, options);
  arkRoutes(app, core);
  assetRoutes(app, {
    library: core.library,
    stats: core.stats,
    folder: core.book.files.assets,
    origin: core.origin,
  });
  app.get("/files/:name", (c) => {
    if (c.req.raw.method === "GET") core.stats.count("download");
    return answerFile(c, core.book);
  });
  app.get("/__stats", (c) => c.json(core.stats.report()));
  app.onError((error, c) => c.json({ error: { code: "InternalServiceError", message: error.message } }, 500));
  app.notFound((c) =>
    refuse(c, { status: 404, code: "NotFound", message: `no route ${c.req.method} ${c.req.path}` }),
  );
  return app;
}

function gatewayRoutes(app: Hono, { core, shape }: RouteOptions): void {
  app.post(GATEWAY, async (c) => {
    const created = await core.create(await c.req.text(), labelOf(c));
    return created.kind === "created" ? c.json(createdAnswer(created.task)) : refuse(c, created.error);
  });
  const look = async (c: Context, as: AnswerShape): Promise<Response> => {
    const id = c.req.param("id") ?? "";
    const task = await core.look(id);
    return task ? c.json(taskAnswer(task, as, core.context(task))) : refuse(c, missing(id));
  };
  app.get(`${GATEWAY}/:id`, (c) => look(c, shape));
  app.get("/v1/videos/:id", (c) => look(c, "openai"));
}

function arkRoutes(app: Hono, core: Core): void {
  app.post(ARK, async (c) => {
    const created = await core.create(await c.req.text(), labelOf(c));
    return created.kind === "created" ? c.json({ id: created.task.id }) : refuse(c, created.error);
  });
  app.get(ARK, async (c) => {
    core.stats.count("list");
    const found = (await core.book.list()).filter((task) => isAskedFor(c, task));
    const size = numberIn(c.req.query("page_size"), 1, 500, 20);
    const from = (numberIn(c.req.query("page_num"), 1, 500, 1) - 1) * size;
    const items = found.slice(from, from + size).map((task) => arkTask(task, core.context(task)));
    return c.json({ items, total: found.length });
  });
  app.get(`${ARK}/:id`, async (c) => {
    const id = c.req.param("id");
    const task = await core.look(id);
    return task ? c.json(arkTask(task, core.context(task))) : refuse(c, missing(id));
  });
  app.delete(`${ARK}/:id`, async (c) => {
    const withdrawn = await core.withdraw(c.req.param("id"));
    return withdrawn.kind === "withdrawn" ? c.json({}) : refuse(c, withdrawn.error);
  });
}

function isAskedFor(c: Context, task: Task): boolean {
  const status = c.req.query("filter.status");
  const model = c.req.query("filter.model");
  const ids = c.req.queries("filter.task_ids");
  if (status !== undefined && status !== task.state.kind) return false;
  if (model !== undefined && model !== task.model) return false;
  return ids === undefined || ids.includes(task.id);
}

function numberIn(text: string | undefined, least: number, most: number, otherwise: number): number {
  const number = Math.trunc(Number(text ?? Number.NaN));
  return Number.isFinite(number) ? Math.min(most, Math.max(least, number)) : otherwise;
}

function labelOf(c: Context): string {
  return c.req.header("x-client-request-id") ?? "";
}

function keyFits(c: Context, key: string | undefined): boolean {
  const [, given = ""] = /^Bearer\s+(\S.*)$/i.exec(c.req.header("authorization") ?? "") ?? [];
  return key === undefined ? given !== "" : given.trim() === key;
}

function badKey(): ApiError {
  return {
    status: 401,
    code: "AuthenticationError",
    message: "the API key is missing or wrong: send `Authorization: Bearer KEY`",
  };
}

function tooLarge(): ApiError {
  const message = `the request body is larger than ${REQUEST_BYTES / 1024 / 1024} MB`;
  return { status: 400, code: "InvalidParameter", message };
}
