import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";

/** Runs `ffmpeg`, gives its standard output piece by piece, and throws its last words if it fails. */
export async function* ffmpegOutput(executable: string, args: readonly string[]): AsyncGenerator<Buffer> {
  const child = start(executable, args);
  const ended = endOf(child);
  try {
    child.stdin.end();
    for await (const piece of child.stdout) yield piece as Buffer;
    await ended;
  } finally {
    // Reached early when the caller wants no more; ffmpeg would wait for ever on its full pipe.
    child.kill("SIGKILL");
    await ended.catch(() => undefined);
  }
}

/** Runs `ffmpeg` on what `pieces` give to its standard input, at the pace at which it takes them. */
export async function ffmpegInput(
  executable: string,
  args: readonly string[],
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  const child = start(executable, args);
  const ended = endOf(child);
  child.stdout.resume();
  try {
    for await (const piece of pieces) {
      if (!child.stdin.write(piece)) await Promise.race([drained(child), ended]);
      if (child.exitCode !== null) break;
    }
    child.stdin.end();
    await ended;
  } finally {
    child.kill("SIGKILL");
    await ended.catch(() => undefined);
  }
}

/** Not `events.once`: that would turn the EPIPE of a dying process into the error that is reported. */
function drained(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve) => child.stdin.once("drain", () => resolve()));
}

export async function runFfmpeg(executable: string, args: readonly string[]): Promise<string> {
  let text = "";
  for await (const piece of ffmpegOutput(executable, args)) text += piece.toString("utf8");
  return text;
}

function start(executable: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(executable, args, { stdio: "pipe", windowsHide: true });
  // Writing to a process that has just failed ends in EPIPE; its exit code and words say more.
  child.stdin.on("error", () => undefined);
  return child;
}

/** Resolves when the process ended well; rejects with the end of what it said otherwise. */
function endOf(child: ChildProcessWithoutNullStreams): Promise<void> {
  let words = "";
  child.stderr.on("data", (piece: Buffer) => {
    words = (words + piece.toString("utf8")).slice(-2000);
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(`ffmpeg failed (${signal ?? `exit ${code}`}): ${words.trim() || "it said nothing"}`),
        );
    });
  });
  // It is awaited later than it may fail; until then the failure must not count as unhandled.
  ended.catch(() => undefined);
  return ended;
}
