/**
 * A signal that aborts with `outer` or after `ms`. `done` must be called, or the timer keeps the process
 * and the listener keeps the outer signal's memory. Used in place of `AbortSignal.any`, which on older
 * releases of Node holds on to every signal it was ever given.
 */
export function withDeadline(outer: AbortSignal, ms: number): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = setTimeout(abort, ms);
  if (outer.aborted) abort();
  outer.addEventListener("abort", abort);
  const done = (): void => {
    clearTimeout(timer);
    outer.removeEventListener("abort", abort);
  };
  return { signal: controller.signal, done };
}
