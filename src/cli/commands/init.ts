import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { shownPath } from "../../driver/project.ts";
import { storyboardSchema } from "../../syntax/storyboard-schema.ts";
import { EXIT, UsageError } from "../exit.ts";
import { closeJson } from "../report.ts";
import { FIRST_STORYBOARD } from "../first-storyboard.ts";
import type { CommandRun } from "../command.ts";

/** Writes a storyboard that renders at once, with its schema beside it, so that editors help without a network, also in a clone. */
export const init: CommandRun = ({ args, flags }, terminal) => {
  const folder = resolve(args[0] ?? ".");
  const storyboard = join(folder, "storyboard.yaml");
  if (existsSync(storyboard) && !flags.force) {
    throw new UsageError(`${shownPath(storyboard, process.cwd())} is there already; --force overwrites it`);
  }
  mkdirSync(folder, { recursive: true });
  const written = [storyboard, join(folder, "storyboard.schema.json"), join(folder, ".gitignore")];
  writeFileSync(storyboard, FIRST_STORYBOARD);
  writeFileSync(join(folder, "storyboard.schema.json"), JSON.stringify(storyboardSchema, null, 2) + "\n");
  if (existsSync(join(folder, ".gitignore"))) written.pop();
  else writeFileSync(join(folder, ".gitignore"), ".storyc/\nrenders/\n*.rehearsal.lock.json\n.env\n");
  for (const path of written) terminal.out(`wrote ${shownPath(path, process.cwd())}`);
  const where = args[0] === undefined ? "" : ` ${shownPath(storyboard, process.cwd())}`;
  terminal.out(`\nNow: storyc render${where}    (free: it renders on the emulator)`);
  closeJson(terminal, "init", EXIT.done, { files: written });
  return Promise.resolve(EXIT.done);
};
