import type { Digest } from "../base/digest.ts";
import type { RemoteFailure, RemoteStore } from "../store/remote-store.ts";
import type { Clock } from "./clock.ts";
import type { Handed, HandedMedium, Way } from "./handover.ts";

/** As long as the service's own links live; a task may wait for hours before its media are fetched. */
const LINK_SECONDS = 24 * 3600;
const TRIES = 4;

/** Media by way of a bucket: put there once, under their digest, and given out by links that expire. */
export class BucketWay implements Way {
  readonly #remote: RemoteStore;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  /** Why what was asked for is not there; undefined when it is. */
  readonly #put = new Map<Digest, Promise<string | undefined>>();

  constructor(remote: RemoteStore, clock: Clock, signal: AbortSignal) {
    this.#remote = remote;
    this.#clock = clock;
    this.#signal = signal;
  }

  async urlOf(medium: HandedMedium, isHere: boolean): Promise<Handed> {
    const put = this.#put.get(medium.digest) ?? this.#ensure(medium, isHere);
    this.#put.set(medium.digest, put);
    const problem = await put;
    if (problem === undefined) return { kind: "url", url: await this.#remote.presign(medium, LINK_SECONDS) };
    this.#put.delete(medium.digest);
    return { kind: "none", why: problem };
  }

  async #ensure(medium: HandedMedium, isHere: boolean): Promise<string | undefined> {
    const remote = this.#remote;
    const has = await this.#often(() => remote.has(medium, this.#signal));
    if (has.kind === "there") return undefined;
    if (has.kind === "failed") return has.message;
    if (has.kind === "other")
      return `${remote.name} holds other bytes under the name ${medium.digest}; remove them`;
    if (!isHere) return `${remote.name} does not have it, and its bytes are not here`;
    const put = await this.#often(() => remote.putIfAbsent(medium, medium, this.#signal));
    return put.kind === "failed" ? put.message : undefined;
  }

  async #often<T extends { readonly kind: string }>(
    attempt: () => Promise<T | RemoteFailure>,
  ): Promise<T | RemoteFailure> {
    for (let tries = 1; ; tries++) {
      const outcome = await attempt();
      const isOver = !("mayPass" in outcome) || !outcome.mayPass || tries >= TRIES || this.#signal.aborted;
      if (isOver) return outcome;
      await this.#clock.sleep(500 * 2 ** tries, this.#signal);
    }
  }
}
