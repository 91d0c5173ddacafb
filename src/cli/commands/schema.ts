import { storyboardSchema } from "../../syntax/storyboard-schema.ts";
import { EXIT } from "../exit.ts";
import type { CommandRun } from "../command.ts";

export const schema: CommandRun = (_call, terminal) => {
  terminal.out(JSON.stringify(storyboardSchema, null, 2));
  return Promise.resolve(EXIT.done);
};
