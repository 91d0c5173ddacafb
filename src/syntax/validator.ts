import { Ajv, type ValidateFunction } from "ajv";
import { storyboardSchema } from "./storyboard-schema.ts";

/** The build writes this function out as code with the same options: compiling it takes longer than most checks. */
const options = {
  allErrors: true,
  allowUnionTypes: true,
  verbose: true,
  // Words for editors alone.
  keywords: ["markdownDescription", "defaultSnippets"],
};

/** Leaves its findings in `errors`. */
export const validateStoryboard: ValidateFunction = new Ajv(options).compile(storyboardSchema);
