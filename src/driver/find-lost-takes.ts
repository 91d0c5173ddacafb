import { Ledger } from "../execute/ledger.ts";
import { adoptLost } from "../execute/lost-takes.ts";
import type { Lock } from "../plan/lock.ts";
import { Journal } from "../store/journal.ts";
import { ObjectStore } from "../store/objects.ts";
import type { Machine } from "./machine.ts";
import type { Connection } from "./options.ts";
import { journalPath, type Project } from "./project.ts";
import type { RenderOptions } from "./rendering.ts";
import { foldJournal } from "./state.ts";

interface Search {
  readonly project: Project;
  readonly lock: Lock;
  readonly connection: Connection | undefined;
  readonly machine: Machine;
  readonly options: RenderOptions;
}

/**
 * Before a run is planned: takes whose answer was lost are looked for in the provider's list, where it has one. What
 * is found is in the lockfile when this returns. A run that may fetch nothing, has a plan to do, or has no key does not
 * look.
 */
export async function findLostTakes({ project, lock, connection, machine, options }: Search): Promise<Lock> {
  // Without a key nobody can be asked; whether the run needs one shows in its plan.
  if (!connection?.apiKey || options.frozen || options.plan) return lock;
  const isLost = [...lock.scenes.values()].some(({ takes }) =>
    takes.some(({ state, provider }) => state === "unknown" && provider === connection.provider),
  );
  if (!isLost) return lock;
  const { files, clock } = machine;
  const store = new ObjectStore(files, project.hidden);
  const signal = options.signal ?? new AbortController().signal;
  const connected = await machine.connect({ project, store, connection });
  const journal = new Journal(files, journalPath(project, "paid"));
  const ledger = new Ledger(lock, (entry) => journal.append(entry));
  try {
    const { service, provider } = connected;
    const emit = options.onEvent ?? (() => undefined);
    await adoptLost({ service, provider, clock, ledger, emit }, signal);
    foldJournal(project, "paid", ledger.lock(), files);
    return ledger.lock();
  } finally {
    journal.close();
    await connected.close();
  }
}
