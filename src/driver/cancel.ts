import { hasErrors, type Diagnostic } from "../base/diagnostic.ts";
import { Ledger } from "../execute/ledger.ts";
import type { Service } from "../execute/service.ts";
import { takesOf, type Lock, type Take } from "../plan/lock.ts";
import { Journal } from "../store/journal.ts";
import { ObjectStore } from "../store/objects.ts";
import type { Provider } from "../storyboard/types.ts";
import { noScene } from "./amend.ts";
import { check, type Checked } from "./check.ts";
import { whileHeld, type Busy } from "./hold.ts";
import { thisMachine, type Machine } from "./machine.ts";
import { chooseProvider, connectionOf } from "./options.ts";
import type { PlanOptions } from "./plan.ts";
import { journalPath } from "./project.ts";
import { foldJournal, readLock } from "./state.ts";

export interface CancelOptions extends PlanOptions {
  /** One take alone; all that are under way, where it is absent. */
  readonly take?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What became of one take. */
export interface CancelledTake {
  readonly take: number;
  readonly task: string;
  readonly isCancelled: boolean;
  /** In a sentence without its end. */
  readonly said: string;
}

export type CancelResult =
  | { readonly kind: "invalid"; readonly diagnostics: readonly Diagnostic[] }
  | Busy
  | { readonly kind: "no-key"; readonly variable: string }
  | { readonly kind: "wrong-call"; readonly message: string }
  | { readonly kind: "asked"; readonly takes: readonly CancelledTake[] };

/** Withdraws the tasks of a scene that have not begun. What the provider has said is in the lockfile afterwards. */
export async function cancel(scene: string, options: CancelOptions = {}): Promise<CancelResult> {
  return cancelChecked(await check(options), scene, options, thisMachine);
}

/** The same for a storyboard that is checked already, on any machine. */
export async function cancelChecked(
  checked: Checked,
  scene: string,
  options: CancelOptions,
  machine: Machine,
): Promise<CancelResult> {
  const [film] = checked.films;
  if (!film) return { kind: "invalid", diagnostics: checked.diagnostics };
  const { project, storyboard } = film;
  const environment = options.environment ?? process.env;
  const provider = chooseProvider(options.provider, environment, storyboard).value;
  if (provider === "emulator")
    return wrongCall("a rehearsal costs nothing; name the provider whose task it is with --provider");
  if (!storyboard.scenes.some(({ id }) => id === scene)) return wrongCall(noScene(film, scene));
  const connection = connectionOf(provider, environment);
  if (connection.kind === "no-key") return { kind: "no-key", variable: connection.variable };
  return whileHeld(project, "paid", machine, async (): Promise<CancelResult> => {
    const { files } = machine;
    const cwd = options.cwd ?? process.cwd();
    const read = readLock(project, "paid", cwd, files, storyboard.scenes);
    if (hasErrors(read.diagnostics)) return { kind: "invalid", diagnostics: read.diagnostics };
    foldJournal(project, "paid", read.lock, files, read.journal);
    const takes = underWay(read.lock, scene, provider, options.take);
    if (typeof takes === "string") return wrongCall(takes);
    const signal = options.signal ?? new AbortController().signal;
    const store = new ObjectStore(files, project.hidden);
    const connected = await machine.connect({ project, store, connection: connection.connection });
    const journal = new Journal(files, journalPath(project, "paid"));
    const ledger = new Ledger(read.lock, (entry) => journal.append(entry));
    try {
      return await cancelTakes({ service: connected.service, ledger, provider, scene, signal }, takes);
    } finally {
      journal.close();
      foldJournal(project, "paid", ledger.lock(), files);
      await connected.close();
    }
  });
}

interface Cancelling {
  readonly service: Service;
  readonly ledger: Ledger;
  readonly provider: Provider;
  readonly scene: string;
  readonly signal: AbortSignal;
}

async function cancelTakes(cancelling: Cancelling, takes: readonly UnderWay[]): Promise<CancelResult> {
  if (!cancelling.service.cancel) {
    const tasks = takes.map(({ task }) => task).join(", ");
    return wrongCall(
      `${cancelling.provider} has no way to cancel a task; ${tasks} goes on, and \`storyc render\` collects it`,
    );
  }
  const said: CancelledTake[] = [];
  for (const take of takes) said.push(await cancelTake(cancelling, take));
  return { kind: "asked", takes: said };
}

interface UnderWay {
  readonly take: number;
  readonly task: string;
}

async function cancelTake(
  { service, ledger, scene, signal }: Cancelling,
  { take, task }: UnderWay,
): Promise<CancelledTake> {
  const tell = (said: string, isCancelled = false): CancelledTake => ({ take, task, isCancelled, said });
  const outcome = await service.cancel?.(task, signal);
  switch (outcome?.kind) {
    case "cancelled":
      ledger.observe(scene, take, {
        kind: "task-failed",
        error: { code: "cancelled", message: "cancelled by `storyc cancel`" },
      });
      return tell("is cancelled, and costs nothing", true);
    case "too-late":
      return tell(`is past cancelling (${outcome.state}); \`storyc render\` collects it`);
    case "missing":
      return tell(`is not known to the service (${outcome.error.message}); is it of another key?`);
    case "halt":
      return tell(`is as it was: the service lets nobody in with this key (${outcome.error.message})`);
    default: {
      const why = outcome === undefined ? "" : ` (${outcome.error.message})`;
      return tell(`may be cancelled or not, the answer was lost${why}; \`storyc render\` finds out`);
    }
  }
}

/** The tasks to cancel, or why there are none. */
function underWay(
  lock: Lock,
  scene: string,
  provider: Provider,
  number: number | undefined,
): UnderWay[] | string {
  const takes = takesOf(lock, scene).filter(({ take }) => number === undefined || take === number);
  const submitted = takes.filter(({ state }) => state === "submitted");
  const mine = submitted.flatMap(({ take, task, provider: asked }) =>
    asked === provider && task !== undefined ? [{ take, task }] : [],
  );
  if (mine.length > 0) return mine;
  const [elsewhere] = submitted;
  if (elsewhere)
    return `it is a task of \`${elsewhere.provider}\`: cancel it with --provider ${elsewhere.provider}`;
  return whyNone(scene, takes, number);
}

function whyNone(scene: string, takes: readonly Take[], number: number | undefined): string {
  const unknown = takes.find(({ state }) => state === "unknown");
  if (unknown)
    return `nobody knows whether take ${unknown.take} of \`${scene}\` is a task; \`storyc adopt ${scene} TASK\` tells which`;
  return `${number === undefined ? `\`${scene}\`` : `take ${number} of \`${scene}\``} has no task under way`;
}

function wrongCall(message: string): CancelResult {
  return { kind: "wrong-call", message };
}
