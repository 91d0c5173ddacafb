import type { Exit } from "./exit.ts";
import type { Call } from "./flags.ts";
import type { Terminal } from "./terminal.ts";

/** What every command is. */
export type CommandRun = (call: Call, terminal: Terminal, version: string) => Promise<Exit>;
