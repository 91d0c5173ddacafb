/**
 * storyc as a library: the same phases that the command line runs.
 *
 * `check` reads a storyboard, `plan` tells what would be done and what it costs, `render` does it, `status` tells
 * what is made. Mistakes in a storyboard are returned as `Diagnostic`s; nothing is thrown for them.
 */
export { check, type Checked, type CheckOptions, type Compiled } from "./driver/check.ts";
export {
  nothingToDo,
  plan,
  type FilmPlan,
  type Plan,
  type Planned,
  type PlanOptions,
} from "./driver/plan.ts";
export { render, type RenderResult } from "./driver/render.ts";
export type { FilmRun, Ran, RenderOptions } from "./driver/rendering.ts";
export { status, type Status } from "./driver/status.ts";
export type { FilmResult } from "./driver/make-film.ts";
export type { Diagnostic, Label, Severity } from "./base/diagnostic.ts";
export type { DiagnosticCode } from "./base/catalogue.ts";
export { positionAt, type Position, type Source, type Span } from "./base/source.ts";
export type { RunEvent, SceneResult } from "./execute/events.ts";
export { startEmulator } from "./emulator/start.ts";
export type { Emulator, EmulatorOptions } from "./emulator/emulator.ts";
export { storyboardSchema } from "./syntax/storyboard-schema.ts";
