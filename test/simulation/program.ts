import { amendChecked } from "../../src/driver/amend.ts";
import { renderOn } from "../../src/driver/render.ts";
import type { Program } from "./run.ts";

/** The program as it is. */
export const PROGRAM: Program = { renderOn, amendChecked };
