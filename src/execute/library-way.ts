import type { Digest } from "../base/digest.ts";
import { unreachable } from "../base/unreachable.ts";
import type { LibraryEntry } from "../plan/lock.ts";
import type { AssetLook, CreateOutcome } from "../seedance/outcome.ts";
import type { AssetLibrary } from "./asset-library.ts";
import type { Clock } from "./clock.ts";
import type { Handed, HandedMedium, Way } from "./handover.ts";
import type { Ledger } from "./ledger.ts";
import { dataUrl } from "./materialize.ts";
import type { RequestBudget } from "./request-budget.ts";
import type { RunStop } from "./run-stop.ts";

export interface LibraryInput {
  readonly library: AssetLibrary;
  readonly provider: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly budget: RequestBudget;
  readonly stop: RunStop;
}

/** Of a create that the service was too busy for, or that did not reach it. */
const MOST_TRIES = 5;
/** A create may be answered five minutes after it was sent; what a list does not show by then was not made. */
const SETTLED_MS = 15 * 60_000;
const PATIENCE_MS = 10 * 60_000;
const LOOKS_BEFORE_MISSING = 3;

type None = Extract<Handed, { kind: "none" }>;
type Group = { readonly kind: "group"; readonly id: string } | None;

/**
 * Media by way of the provider's asset library. Both creates are billed, so they follow the rules of paid tasks: what
 * is about to be asked for is on disk before it is sent, the id before anything else happens, and what may have been
 * done is looked for by its name, which says whose bytes it is; it is asked for again only when the library shows that
 * it has no such thing.
 */
export class LibraryWay implements Way {
  readonly #input: LibraryInput;
  readonly #asked = new Map<Digest, Promise<Handed>>();
  #group: Promise<Group> | undefined;

  constructor(input: LibraryInput) {
    this.#input = input;
  }

  async urlOf(medium: HandedMedium, isHere: boolean): Promise<Handed> {
    const asked = this.#asked.get(medium.digest) ?? this.#handOver(medium, isHere);
    this.#asked.set(medium.digest, asked);
    const handed = await asked;
    if (handed.kind === "none") this.#asked.delete(medium.digest);
    return handed;
  }

  async #handOver(medium: HandedMedium, isHere: boolean): Promise<Handed> {
    const { digest } = medium;
    const entry = this.#entry(digest);
    if (entry?.state === "failed") return this.#none("has not taken these bytes before");
    if (entry?.id !== undefined) return this.#use(digest, entry, entry.id);
    const found = entry ? await this.#recover(digest, entry) : undefined;
    if (found) return found;
    return isHere ? this.#create(medium) : this.#none("does not have it, and its bytes are not here");
  }

  /** A run died, or an answer was lost. Undefined when it is certain that nothing has been made. */
  async #recover(digest: Digest, entry: LibraryEntry): Promise<Handed | undefined> {
    const { library, clock, stop } = this.#input;
    const [kind, name] =
      entry.group === undefined
        ? (["group", groupName(digest)] as const)
        : (["asset", assetName(digest)] as const);
    const search = await library.find(kind, name, stop.giveUp);
    if (search.kind === "unreadable") return this.#unsure(kind, name, digest, search.error.message);
    const [id] = search.ids;
    if (id === undefined) {
      const isSettled = clock.now() - Date.parse(entry.at) > SETTLED_MS;
      return isSettled ? undefined : this.#unsure(kind, name, digest, "it is not there yet");
    }
    if (kind === "asset")
      return this.#wait(digest, this.#note(digest, { ...entry, state: "processing", id }), id);
    // Its group was being made, so the asset itself has not been asked for.
    this.#note(digest, { ...entry, state: "intended", group: id });
    return undefined;
  }

  #unsure(kind: "group" | "asset", name: string, digest: Digest, why: string): None {
    const { provider } = this.#input;
    return this.#none(
      `may hold the ${kind} \`${name}\`, which is billed, so it is not asked for again (${why}); run again in a quarter of an hour, or look there, and take \`${digest.slice(0, 12)}…\` out of \`library\`.\`${provider}\` in the lockfile when it is not there`,
    );
  }

  async #create(medium: HandedMedium): Promise<Handed> {
    const { digest } = medium;
    const bytes = Buffer.concat([...medium.chunks()]);
    const group = await this.#groupFor(digest);
    if (group.kind === "none") return group;
    const { library, stop } = this.#input;
    const entry = this.#note(digest, { state: "intended", group: group.id, at: this.#time() });
    const asset = {
      ...{ group: group.id, name: assetName(digest), medium: medium.medium },
      url: dataUrl(medium.format, bytes),
    };
    const outcome = await this.#once(() => library.createAsset(asset, stop.giveUp));
    switch (outcome.kind) {
      case "accepted": {
        const id = outcome.taskId;
        return this.#wait(digest, this.#note(digest, { ...entry, state: "processing", id }), id);
      }
      case "unknown":
        return (
          (await this.#recover(digest, this.#note(digest, { ...entry, state: "unknown" }))) ??
          this.#none("is unsure")
        );
      case "refused":
        // A group that is gone says nothing of the bytes.
        if (/group/i.test(outcome.error.code)) return this.#notMade(digest, outcome);
        this.#note(digest, { ...entry, state: "failed" });
        return this.#none(`does not take it: ${outcome.error.message}`);
      default:
        return this.#notMade(digest, outcome);
    }
  }

  /** One group for all: of an earlier run, or made with the first asset. */
  async #groupFor(digest: Digest): Promise<Group> {
    const id = this.#knownGroup();
    if (id !== undefined) return { kind: "group", id };
    const group = (this.#group ??= this.#findOrCreateGroup(digest));
    const made = await group;
    if (made.kind === "none") this.#group = undefined;
    return made;
  }

  #knownGroup(): string | undefined {
    return this.#input.ledger.libraryGroups(this.#input.provider).at(-1);
  }

  /** A group that another medium has asked for may be there: until that is certain, a second one may be paid in vain. */
  async #findOrCreateGroup(digest: Digest): Promise<Group> {
    for (const [other, entry] of this.#input.ledger.groupsToFind(this.#input.provider)) {
      if (other === digest) continue;
      const lost = await this.#recover(other, entry);
      const id = this.#knownGroup();
      if (id !== undefined) return { kind: "group", id };
      if (lost?.kind === "none") return lost;
    }
    return this.#createGroup(digest);
  }

  async #createGroup(digest: Digest): Promise<Group> {
    const { library, stop } = this.#input;
    const entry = this.#note(digest, { state: "intended", at: this.#time() });
    const outcome = await this.#once(() => library.createGroup(groupName(digest), stop.giveUp));
    switch (outcome.kind) {
      case "accepted":
        this.#note(digest, { ...entry, group: outcome.taskId });
        return { kind: "group", id: outcome.taskId };
      case "unknown": {
        const lost = await this.#recover(digest, this.#note(digest, { ...entry, state: "unknown" }));
        const id = this.#entry(digest)?.group;
        return id === undefined ? (lost as None) : { kind: "group", id };
      }
      default:
        return this.#notMade(digest, outcome);
    }
  }

  /** Sent again only where it was for certain not done. */
  async #once(send: () => Promise<CreateOutcome>): Promise<CreateOutcome> {
    const { clock, budget, stop } = this.#input;
    for (let tries = 1; ; tries++) {
      await budget.turn(stop.signal);
      if (stop.reason !== undefined) return { kind: "not-sent", error: { code: "", message: stop.reason } };
      const outcome = await send();
      if ((outcome.kind !== "busy" && outcome.kind !== "not-sent") || tries >= MOST_TRIES) return outcome;
      const asked = outcome.kind === "busy" ? outcome.retryAfterMs : undefined;
      await clock.sleep(asked ?? 1000 * 2 ** tries, stop.signal);
    }
  }

  #notMade(digest: Digest, outcome: Exclude<CreateOutcome, { kind: "accepted" | "unknown" }>): None {
    this.#input.ledger.recordLibrary(this.#input.provider, digest, null);
    if (outcome.kind === "halt") this.#input.stop.halt(outcome.reason, outcome.error);
    return this.#none(`does not take it: ${outcome.error.message}`);
  }

  /** What an earlier run has put there: trusted, unless the library itself knows better. */
  async #use(digest: Digest, entry: LibraryEntry, id: string): Promise<Handed> {
    if (entry.state !== "active") return this.#wait(digest, entry, id);
    const look = await this.#look(id);
    return look.kind === "failed" || look.kind === "missing" ? this.#gone(digest, id) : assetUrl(id);
  }

  async #wait(digest: Digest, entry: LibraryEntry, id: string): Promise<Handed> {
    const { clock, stop } = this.#input;
    const deadline = clock.now() + PATIENCE_MS;
    for (let looks = 0, missing = 0; ; looks++) {
      if (looks > 0) await clock.sleep(Math.min(10_000, 1000 * looks), stop.signal);
      if (stop.reason !== undefined) return this.#none(stop.reason);
      if (clock.now() > deadline) return this.#none(`is still at work on the asset ${id}; run again later`);
      const look = await this.#look(id);
      switch (look.kind) {
        case "active":
          this.#note(digest, { ...entry, state: "active", id });
          return assetUrl(id);
        case "failed":
          this.#note(digest, { ...entry, state: "failed", id });
          return this.#none(`does not take it: ${look.error.message}`);
        case "missing":
          if (++missing >= LOOKS_BEFORE_MISSING) return this.#gone(digest, id);
          break;
        case "halt":
          stop.halt(look.reason, look.error);
          return this.#none(look.error.message);
        case "pending":
        case "unreadable":
          missing = 0;
          break;
        default:
          return unreachable(look);
      }
    }
  }

  async #look(id: string): Promise<AssetLook> {
    const { library, budget, stop } = this.#input;
    await budget.turn(stop.signal);
    return library.look(id, stop.giveUp);
  }

  #gone(digest: Digest, id: string): None {
    const { provider } = this.#input;
    return this.#none(
      `does not know the asset ${id} any more; take \`${digest.slice(0, 12)}…\` out of \`library\`.\`${provider}\` in the lockfile, and it is put there again`,
    );
  }

  #entry(digest: Digest): LibraryEntry | undefined {
    return this.#input.ledger.library(this.#input.provider, digest);
  }

  #note(digest: Digest, entry: LibraryEntry): LibraryEntry {
    this.#input.ledger.recordLibrary(this.#input.provider, digest, entry);
    return entry;
  }

  #time(): string {
    return new Date(this.#input.clock.now()).toISOString();
  }

  #none(what: string): None {
    return { kind: "none", why: `${this.#input.provider}'s asset library ${what}` };
  }
}

function assetUrl(id: string): Handed {
  return { kind: "url", url: `asset://${id.toLowerCase()}` };
}

/** By these names a lost answer is found again. */
function assetName(digest: Digest): string {
  return `storyc-${digest.slice(0, 32)}`;
}

function groupName(digest: Digest): string {
  return `storyc-group-${digest.slice(0, 24)}`;
}
