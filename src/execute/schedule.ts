import type { Step, StepGraph } from "../plan/graph.ts";

/** Whether what feeds on a step may go on. */
export type StepEnd = "ready" | "not-ready";

/**
 * Runs each step when all that it needs is ready, all that are ready at once. A step that needs something which
 * did not become ready is not run but `skip`ped, and so stops only what depends on it.
 */
export async function schedule(
  graph: StepGraph,
  run: (step: Step) => Promise<StepEnd>,
  skip: (step: Step, missing: string) => void,
): Promise<ReadonlyMap<string, StepEnd>> {
  const ends = new Map<string, StepEnd>();
  const waiting = new Map(
    graph.steps.map((step) => [step.id, { step, open: graph.needs.get(step.id)?.length ?? 0 }]),
  );
  await new Promise<void>((resolve, reject) => {
    // A queue of its own: what one end skips, and what that skips, may be longer than the call stack is deep.
    const free = graph.steps.filter(({ id }) => waiting.get(id)?.open === 0);
    const end = (id: string, result: StepEnd): void => {
      ends.set(id, result);
      for (const fed of graph.feeds.get(id) ?? []) {
        const next = waiting.get(fed);
        if (next && --next.open === 0) free.push(next.step);
      }
    };
    const begin = (step: Step): void => {
      const missing = graph.needs.get(step.id)?.find((id) => ends.get(id) !== "ready");
      if (missing === undefined) {
        run(step)
          .then((result) => {
            end(step.id, result);
            beginFree();
          })
          .catch(reject);
        return;
      }
      skip(step, missing);
      end(step.id, "not-ready");
    };
    const beginFree = (): void => {
      for (let step = free.shift(); step; step = free.shift()) begin(step);
      if (ends.size === graph.steps.length) resolve();
    };
    beginFree();
  });
  return ends;
}
