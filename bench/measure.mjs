// Whole processes, measured from outside: wall seconds and peak memory, medians of pairs in turn.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** Runs a command to its end; `megabytes` is the peak of the process itself where the system tells it. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let peak = 0;
    const child = spawn(command, args, { stdio: "ignore", ...options });
    const watch = setInterval(() => (peak = Math.max(peak, peakOf(child.pid))), 5);
    child.on("error", reject);
    child.on("exit", (code) => {
      clearInterval(watch);
      resolve({ code, seconds: (performance.now() - started) / 1000, megabytes: peak });
    });
  });
}

function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The two commands in turn, `rounds` times after a warm-up; medians and the median ratio of the pairs. */
export async function pairs(a, b, rounds) {
  const results = [];
  for (let i = 0; i <= rounds; i++) results.push([await a(), await b()]);
  const counted = results.slice(1);
  return {
    a: median(counted.map(([x]) => x.seconds)),
    b: median(counted.map(([, y]) => y.seconds)),
    ratio: median(counted.map(([x, y]) => x.seconds / y.seconds)),
    megabytes: Math.max(...counted.map(([x]) => x.megabytes)),
  };
}
