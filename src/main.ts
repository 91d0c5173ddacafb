#!/usr/bin/env node
declare const STORYC_VERSION: string;

const [first] = process.argv.slice(2);

// Answered before anything else is loaded: editors and scripts ask often.
if (process.argv.length === 3 && (first === "--version" || first === "-V")) {
  process.stdout.write(`${STORYC_VERSION}\n`);
} else {
  const { runCommandLine } = await import("./cli/run.ts");
  process.exitCode = await runCommandLine(process.argv.slice(2), STORYC_VERSION);
  // A connection that was given up half open must not keep the program alive.
  setTimeout(() => process.exit(), 200).unref();
}
