import type { Context, Hono } from "hono";
import type { Core } from "./core.ts";
import { refuse } from "./refuse.ts";
import type { ApiError } from "./request.ts";
import { arkTask } from "./shapes/flat.ts";
import { SHAPES } from "./shapes/shapes.ts";
import { answerCreate, answerLook, strike } from "./task-routes.ts";
import type { Task } from "./task.ts";

const ARK = "/api/v3/contents/generations/tasks";
const MOST_PAGES = 500;
const NOBODY = { label: "", prompt: "", key: "" };

/** The routes of the model's maker, which alone can list and cancel. */
export function arkRoutes(app: Hono, core: Core): void {
  const shape = SHAPES.ark;
  const { stats, book, faults } = core.parts;
  app.post(ARK, (c) => answerCreate(c, core, shape));
  app.get(`${ARK}/:id`, (c) => answerLook(c, core, shape));
  app.get(ARK, async (c) => {
    stats.count("list");
    const fault = faults.atCall("list", NOBODY);
    const page = pageOf(c);
    if ("code" in page) return refuse(c, page, shape);
    const found = (await book.list()).filter((task) => isAskedFor(c, task));
    const from = (page.number - 1) * page.size;
    const items = found.slice(from, from + page.size).map((task) => arkTask(core.view(task)));
    return strike(c, fault, shape, c.json({ items, total: found.length }));
  });
  app.delete(`${ARK}/:id`, async (c) => {
    stats.count("cancel");
    const id = c.req.param("id");
    const fault = faults.atCall("cancel", core.subjectOf(id, await book.find(id)));
    const withdrawn = await core.withdraw(id, shape.missing(id));
    const answer = withdrawn.kind === "withdrawn" ? c.json({}) : refuse(c, withdrawn.error, shape);
    return strike(c, fault, shape, answer);
  });
}

function pageOf(c: Context): { readonly number: number; readonly size: number } | ApiError {
  const read = (name: string, otherwise: number): number => {
    const text = c.req.query(name);
    return text === undefined ? otherwise : /^\d{1,3}$/.test(text) ? Number(text) : 0;
  };
  const [number, size] = [read("page_num", 1), read("page_size", 20)];
  const wrong =
    number < 1 || number > MOST_PAGES ? "page_num" : size < 1 || size > MOST_PAGES ? "page_size" : "";
  if (wrong === "") return { number, size };
  const message = `${wrong} must be a whole number from 1 to ${MOST_PAGES}`;
  return { status: 400, code: "InvalidParameter", message };
}

function isAskedFor(c: Context, task: Task): boolean {
  const status = c.req.query("filter.status");
  const model = c.req.query("filter.model");
  // Given once for each, or all in one.
  const ids = c.req.queries("filter.task_ids")?.flatMap((text) => text.split(","));
  if (status !== undefined && status !== task.state.kind) return false;
  if (model !== undefined && model !== task.model) return false;
  return ids === undefined || ids.includes(task.id);
}
