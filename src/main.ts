#!/usr/bin/env node
import { VERSION } from "./base/version.ts";

const [first] = process.argv.slice(2);

// Answered before anything else is loaded: editors and scripts ask often.
if (process.argv.length === 3 && (first === "--version" || first === "-V")) {
  process.stdout.write(`${VERSION}\n`);
} else {
  const { runCommandLine } = await import("./cli/run.ts");
  process.exitCode = await runCommandLine(process.argv.slice(2), VERSION);
  // A connection that was given up half open must not keep the program alive.
  setTimeout(() => process.exit(), 200).unref();
}
