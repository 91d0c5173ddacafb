import { dirname, join, resolve } from "node:path";
import type { Digest } from "../base/digest.ts";
import { formatLock } from "../plan/lock-format.ts";
import { parseLock } from "../plan/lock-read.ts";
import type { Lock, LockedScene } from "../plan/lock.ts";
import { readText, writeWhole, type Files } from "../store/files.ts";
import { filesBelow, type HiddenFile } from "../store/hidden-files.ts";
import { takeRunLock, type Holder } from "../store/run-lock.ts";
import { listRecords, sortHidden, type Garbage, type Sorted } from "./garbage.ts";
import { digestsIn, gitReach } from "./git-reach.ts";
import { thisMachine, type Machine } from "./machine.ts";
import { rootOf, type RunKind } from "./project.ts";

export interface GcOptions {
  /** A storyboard, or the folder that holds some; without it the folder `cwd`. */
  readonly file?: string | undefined;
  readonly cwd?: string | undefined;
  /** Removes; without it nothing is written. */
  readonly remove?: boolean | undefined;
  /** Also takes that are remembered, but stand in no lockfile. */
  readonly forgetUnlocked?: boolean | undefined;
  /** Also rehearsed takes that no film uses. */
  readonly rehearsals?: boolean | undefined;
}

export interface Collected {
  readonly kind: "collected";
  readonly folder: string;
  readonly removed: boolean;
  readonly garbage: readonly Garbage[];
  readonly kept: readonly HiddenFile[];
  readonly onlyRemembered: readonly HiddenFile[];
  /** Versions of lockfiles in git; undefined outside of a checkout. */
  readonly versions: number | undefined;
  /** Takes that are taken out of the lockfiles of rehearsals. */
  readonly rehearsedTakes: number;
}

export type GcResult =
  | Collected
  | { readonly kind: "no-folder"; readonly path: string }
  | { readonly kind: "busy"; readonly holder: Holder; readonly name: string }
  | { readonly kind: "git-unreadable"; readonly complaint: string };

const NO_CHECKOUT = { digests: new Set<Digest>(), versions: undefined };

/**
 * Removes what nothing needs from the `.storyc` of a folder, of all its storyboards. What a lockfile names stays,
 * also one of another branch, a stash, an undone commit; what the record of all takes names stays unless told
 * otherwise.
 */
export function collectGarbage(options: GcOptions = {}, machine: Machine = thisMachine): GcResult {
  const { files } = machine;
  const path = resolve(options.cwd ?? process.cwd(), options.file ?? ".");
  if (!files.existsSync(path)) return { kind: "no-folder", path };
  const folder = files.statSync(path).isDirectory() ? path : dirname(path);
  const held = holdAll(folder, machine);
  if (held.kind === "busy") return held;
  try {
    const reach = gitReach(folder, files.existsSync(join(rootOf(folder), ".git")));
    if (reach.kind === "unreadable") return { kind: "git-unreadable", complaint: reach.complaint };
    const { digests, versions } = reach.kind === "read" ? reach : NO_CHECKOUT;
    return { ...sweep(folder, digests, options, files), versions };
  } finally {
    held.release();
  }
}

/** No run of any storyboard of the folder may bring a clip home meanwhile. */
function holdAll(
  folder: string,
  { files, clock, self }: Machine,
): { readonly kind: "held"; release(): void } | Extract<GcResult, { kind: "busy" }> {
  const hidden = join(folder, ".storyc");
  const releases: (() => void)[] = [];
  const release = (): void => releases.forEach((one) => one());
  if (!files.existsSync(hidden)) return { kind: "held", release };
  const storyboards = namesIn(files, folder).filter((name) => /\.ya?ml$/i.test(name));
  const locks = namesIn(files, join(hidden, "runs")).filter((name) => name.endsWith(".lock"));
  const names = storyboards.map((name) => name.replace(/\.ya?ml$/i, ""));
  const all = new Set([
    ...names.flatMap((name) => [`${name}.paid.lock`, `${name}.rehearsal.lock`]),
    ...locks,
  ]);
  for (const name of all) {
    const held = takeRunLock(files, join(hidden, "runs", name), new Date(clock.now()), self);
    if (held.kind === "busy") {
      release();
      return { kind: "busy", holder: held.holder, name: name.replace(/\.(paid|rehearsal)\.lock$/, "") };
    }
    releases.push(() => held.release());
  }
  return { kind: "held", release };
}

function sweep(
  folder: string,
  committed: ReadonlySet<Digest>,
  options: GcOptions,
  files: Files,
): Omit<Collected, "versions"> {
  const hidden = join(folder, ".storyc");
  const thinned = options.rehearsals ? thinRehearsals(folder, files) : [];
  const locked = new Set([...committed, ...namedHere(folder, files, thinned)]);
  const records = (["paid", "rehearsal"] as const).flatMap((kind) =>
    listRecords(files, hidden, kind).map((one) => ({ ...one, kind })),
  );
  const isForgotten = (kind: RunKind): boolean =>
    (kind === "paid" ? options.forgetUnlocked : options.rehearsals) ?? false;
  const stale = records.filter(
    ({ kind, clips }) => isForgotten(kind) && !clips.some((clip) => locked.has(clip)),
  );
  const remembered = new Set(records.filter((one) => !stale.includes(one)).flatMap(({ clips }) => clips));
  const sorted: Sorted = sortHidden(files, hidden, { locked, remembered });
  const emulated = options.rehearsals ? emulatorFiles(folder, files) : [];
  const garbage: Garbage[] = [
    ...stale.map(({ file }): Garbage => ({ kind: "record", ...file })),
    ...sorted.garbage,
    ...emulated.map((file): Garbage => ({ kind: "emulator", ...file })),
  ];
  if (options.remove) {
    // What names a clip goes before the clip: a gc that is killed leaves clips behind, never names of nothing.
    for (const { path, lock } of thinned) writeWhole(files, path, formatLock(lock));
    for (const { path } of garbage) files.rmSync(path, { force: true });
  }
  const rehearsedTakes = thinned.reduce((sum, { dropped }) => sum + dropped, 0);
  return { kind: "collected", folder, removed: options.remove ?? false, ...sorted, garbage, rehearsedTakes };
}

/** The digests in this folder's lockfiles and journals, as they are or will be. */
function namedHere(folder: string, files: Files, thinned: readonly Thinned[]): Digest[] {
  const texts = [
    ...namesIn(files, folder)
      .filter((name) => name.endsWith(".lock.json"))
      .map((name) => join(folder, name)),
    ...filesBelow(files, join(folder, ".storyc/journal")).map(({ path }) => path),
  ].map((path) => {
    const thin = thinned.find((one) => one.path === path);
    return thin ? formatLock(thin.lock) : (readText(files, path) ?? "");
  });
  return texts.flatMap(digestsIn);
}

interface Thinned {
  readonly path: string;
  readonly lock: Lock;
  readonly dropped: number;
}

/** The lockfiles of rehearsals without the finished takes that no film uses: made again, they cost nothing. */
function thinRehearsals(folder: string, files: Files): Thinned[] {
  return namesIn(files, folder)
    .filter((name) => name.endsWith(".rehearsal.lock.json"))
    .flatMap((name) => {
      const path = join(folder, name);
      const { lock, diagnostics } = parseLock(name, path, readText(files, path) ?? "");
      if (diagnostics.length > 0) return [];
      const scenes = new Map([...lock.scenes].map(([id, scene]) => [id, thin(scene)]));
      const dropped = countTakes(lock.scenes) - countTakes(scenes);
      return dropped > 0 ? [{ path, lock: { ...lock, scenes }, dropped }] : [];
    });
}

function thin(scene: LockedScene): LockedScene {
  const used = new Set(Object.values(scene.selected));
  return { ...scene, takes: scene.takes.filter(({ state, take }) => state !== "done" || used.has(take)) };
}

/** What the emulator has kept of rehearsals that were killed, where no task of them is to be collected. */
function emulatorFiles(folder: string, files: Files): HiddenFile[] {
  const hidden = join(folder, ".storyc");
  return namesIn(files, join(hidden, "emulator"))
    .filter((name) => !files.existsSync(join(hidden, "journal", `${name}.rehearsal.jsonl`)))
    .filter((name) => {
      const lock = readText(files, join(folder, `${name}.rehearsal.lock.json`)) ?? "";
      return !lock.includes('"submitted"');
    })
    .flatMap((name) => filesBelow(files, join(hidden, "emulator", name)));
}

function countTakes(scenes: ReadonlyMap<string, LockedScene>): number {
  return [...scenes.values()].reduce((sum, { takes }) => sum + takes.length, 0);
}

function namesIn(files: Files, folder: string): string[] {
  return files.existsSync(folder) ? files.readdirSync(folder).map(String).sort() : [];
}
