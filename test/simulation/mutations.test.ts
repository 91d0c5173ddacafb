import { expect, test } from "vitest";
import { loadMutant, type Mutation } from "./mutants.ts";
import { simulate } from "./simulate.ts";

/** What a careless change could do to people's money and clips. */
const MUTATIONS: readonly Mutation[] = [
  {
    name: "sends before the intent is flushed",
    file: "store/journal.ts",
    from: "      this.#files.fsyncSync(fd);\n",
    to: "",
  },
  {
    name: "goes on when the journal could not be written",
    file: "store/journal.ts",
    from: "      this.close();\n      throw error;",
    to: "      this.close();",
  },
  {
    name: "does not flush the folder of a new journal",
    file: "store/journal.ts",
    from: "    flushFolders(this.#files, folder, 3);\n",
    to: "",
  },
  {
    name: "sends again after a reset",
    file: "execute/take-request.ts",
    from: "  await writeOutcome(context, scene, take, outcome);",
    to: `  if (outcome.kind === "unknown") outcome.kind = "not-sent";
  await writeOutcome(context, scene, take, outcome);`,
  },
  {
    name: "takes a busy service for one that has accepted",
    file: "execute/take-request.ts",
    from: "  await writeOutcome(context, scene, take, outcome);",
    to: `  if (outcome.kind === "busy") Object.assign(outcome, { kind: "accepted", taskId: "cgt-0" });
  await writeOutcome(context, scene, take, outcome);`,
  },
  {
    name: "selects a take as soon as it is accepted",
    file: "execute/take-request.ts",
    from: "      ledger.observe(scene, take, observationOf(outcome));\n",
    to: `      ledger.observe(scene, take, observationOf(outcome));
      if (outcome.kind === "accepted") ledger.select(scene, take);\n`,
  },
  {
    name: "forgets a task whose service answers 500",
    file: "execute/poller.ts",
    from: `      case "pending":
      case "unreadable":
        break;`,
    to: `      case "unreadable":
        return { kind: "failed", error: outcome.error };
      case "pending":
        break;`,
  },
  {
    name: "takes a task that its service denies for one that has failed",
    file: "execute/take-runner.ts",
    from: `      if (context.provider !== "emulator") {`,
    to: `      if (context.provider === "") {`,
  },
  {
    name: "sends again what was under way when the last run died",
    file: "execute/protocol.ts",
    from: `return { kind: "unknown", intent: state.intent, error: DIED };`,
    to: `return { kind: "idle" };`,
  },
  {
    name: "takes a known task away when a late answer comes",
    file: "execute/protocol.ts",
    from: `  if (state.kind === "succeeded") return { kind: "submitted", intent: state.intent, task: state.task };`,
    to: `  if (state.kind === "succeeded") return { kind: "idle" };`,
  },
  {
    name: "sends although a take of unknown outcome is there",
    file: "plan/decide.ts",
    from: `  const unknown = mine.findLast(({ state }) => state === "unknown");`,
    to: `  const unknown = mine.findLast(({ state }) => state === "abandoned");`,
  },
  {
    name: "tries again what failed of its input",
    file: "seedance/errors.ts",
    from: `return actionFor(code) === "output";`,
    to: `return actionFor(code) === "output" || actionFor(code) === "refuse";`,
  },
  {
    name: "tries again for ever what was moderated",
    file: "execute/retries.ts",
    from: "if (left < 0 || !budget.take()) return ended;",
    to: `if (error.code === "") return ended;`,
  },
  {
    name: "uses the number of a take twice",
    file: "execute/ledger.ts",
    from: "return Math.max(0, ...numbers) + 1;",
    to: "return Math.max(1, ...numbers);",
  },
  {
    name: "renames the lockfile before its bytes are flushed",
    file: "store/files.ts",
    from: `      writeAll(files, fd, typeof content === "string" ? Buffer.from(content) : content);
      files.fsyncSync(fd);`,
    to: `      writeAll(files, fd, typeof content === "string" ? Buffer.from(content) : content);`,
  },
  {
    name: "drops the journal before the lockfile is written",
    file: "driver/state.ts",
    from: "  writeLock(project, kind, lock, files);\n",
    to: "  new Journal(files, journal).clear();\n  writeLock(project, kind, lock, files);\n",
  },
  {
    name: "does not look at what has been downloaded",
    file: "execute/download.ts",
    from: `    if (facts.kind !== "video") {`,
    to: `    if (facts.kind === "image") {`,
  },
  {
    name: "keeps a clip before its bytes are flushed",
    file: "store/objects.ts",
    from: "    this.#files.fsyncSync(this.#fd);\n",
    to: "",
  },
  {
    name: "does not look at the cap before each request",
    file: "driver/spend-gate.ts",
    from: "    if (after > this.#most) {",
    to: "    if (after < 0) {",
  },
  {
    name: "goes on when another run has taken the storyboard over",
    file: "store/run-lock.ts",
    from: "    return pid === mine.pid && host === mine.host && since === mine.since;",
    to: "    return pid > 0;",
  },
  {
    name: "takes a living run for a dead one",
    file: "store/run-lock.ts",
    from: "if (!self.isAlive(holder.pid) || isFormerSelf(holder, self)) return true;",
    to: "return true;",
  },
];

const MOST_SEEDS = 600;

test.each(MUTATIONS)("a program that $name is caught", { timeout: 200_000 }, async (mutation) => {
  const mutant = await loadMutant(mutation);
  for (let seed = 1; seed <= MOST_SEEDS; seed++) {
    const { violation } = await simulate(seed, mutant);
    if (violation !== undefined) return;
  }
  expect.fail(`not within ${MOST_SEEDS} seeds`);
});
