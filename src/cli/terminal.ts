import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Where a command writes, and what that place can show. */
export interface Terminal {
  /** What the command is about. With `--json` only lines of JSON. */
  out(text: string): void;
  /** Progress, questions, problems. */
  err(text: string): void;
  /** One object of the JSON contract, a line on stdout. Nothing without `--json`. */
  json(record: { readonly type: string } & Readonly<Record<string, unknown>>): void;
  readonly isJson: boolean;
  /** A person looks on, and lines may be drawn over. */
  readonly isLive: boolean;
  readonly columns: number;
  style(style: Style, text: string): string;
}

export function openTerminal(isJson: boolean, env: NodeJS.ProcessEnv = process.env): Terminal {
  const isLive = !isJson && process.stderr.isTTY === true && !env["CI"] && env["TERM"] !== "dumb";
  const colour = hasColour(env, !isJson && process.stdout.isTTY === true);
  return {
    out: (text) => {
      if (!isJson) process.stdout.write(`${text}\n`);
    },
    err: (text) => process.stderr.write(`${text}\n`),
    json: (record) => {
      if (isJson) process.stdout.write(`${JSON.stringify({ v: 1, ...record })}\n`);
    },
    isJson,
    isLive,
    columns: Math.max(40, process.stdout.columns ?? 100),
    style: (style, text) => (colour ? styleText(style, text) : text),
  };
}

/** https://no-color.org: set and not empty means none; `FORCE_COLOR` wins over a pipe. */
function hasColour(env: NodeJS.ProcessEnv, isTty: boolean): boolean {
  if (env["NO_COLOR"]) return false;
  if (env["FORCE_COLOR"] !== undefined) return env["FORCE_COLOR"] !== "0";
  return isTty && env["TERM"] !== "dumb";
}
