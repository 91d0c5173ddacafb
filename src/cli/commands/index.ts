import type { CommandRun } from "../command.ts";

/** Each command loads what it needs when it is called: `--version` and `schema` must not wait for the rest. */
export const COMMANDS = {
  init: async () => (await import("./init.ts")).init,
  check: async () => (await import("./check.ts")).check,
  plan: async () => (await import("./plan.ts")).plan,
  render: async () => (await import("./render.ts")).render,
  rehearse: async () => (await import("./render.ts")).rehearse,
  takes: async () => (await import("./takes.ts")).takes,
  pick: async () => (await import("./amend.ts")).pick,
  keep: async () => (await import("./amend.ts")).keep,
  adopt: async () => (await import("./amend.ts")).adopt,
  cancel: async () => (await import("./cancel.ts")).cancel,
  status: async () => (await import("./status.ts")).status,
  show: async () => (await import("./show.ts")).show,
  graph: async () => (await import("./graph.ts")).graph,
  emulator: async () => (await import("./emulator.ts")).emulator,
  doctor: async () => (await import("./doctor.ts")).doctor,
  schema: async () => (await import("./schema.ts")).schema,
  gc: async () => (await import("./gc.ts")).gc,
  "lock merge": async () => (await import("./lock.ts")).lockMerge,
  "lock install-merge-driver": async () => (await import("./lock.ts")).installDriver,
} satisfies Record<string, () => Promise<CommandRun>>;
