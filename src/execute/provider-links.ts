import { LINK } from "../base/limits.ts";
import type { Take } from "../plan/lock.ts";
import { linkExpiry } from "../seedance/link-expiry.ts";
import type { Clock } from "./clock.ts";
import type { Handed, Links } from "./handover.ts";
import type { RequestBudget } from "./request-budget.ts";
import type { Service } from "./service.ts";

interface LinksInput {
  readonly service: Service;
  readonly provider: string;
  readonly clock: Clock;
  readonly budget: RequestBudget;
  readonly signal: AbortSignal;
}

/** The service fetches what a request names a while after it has accepted it. */
const MARGIN_MS = 15 * 60_000;
/** A link is asked for anew after so long, in a run that lasts. */
const REMEMBERED_MS = 10 * 60_000;
const TRIES = 3;

/** The provider's own links to its clips. Each is asked for anew, since a link lives for a day and its task for longer. */
export class ProviderLinks implements Links {
  readonly #input: LinksInput;
  readonly #known = new Map<string, { readonly at: number; readonly handed: Promise<Handed> }>();

  constructor(input: LinksInput) {
    this.#input = input;
  }

  async linkOf(take: Take): Promise<Handed> {
    const { provider, clock } = this.#input;
    const { task } = take;
    if (task === undefined || take.provider !== provider)
      return none(`${provider} has no link to it, since it was made at ${take.provider}`);
    const known = this.#known.get(task);
    if (known && clock.now() - known.at < REMEMBERED_MS) return known.handed;
    const handed = this.#ask(task, clock.now() - Date.parse(take.at));
    this.#known.set(task, { at: clock.now(), handed });
    const answer = await handed;
    if (answer.kind === "none") this.#known.delete(task);
    return answer;
  }

  async #ask(task: string, age: number): Promise<Handed> {
    const { service, clock, budget, signal, provider } = this.#input;
    let why = "";
    for (let tries = 0; tries < TRIES && !signal.aborted; tries++) {
      if (tries > 0) await clock.sleep(1000 * 2 ** tries, signal);
      await budget.turn(signal);
      const look = await service.poll(task, signal);
      if (look.kind === "succeeded") return this.#judge(look.url, age);
      why = "error" in look ? look.error.message : "its task is not done";
      if (look.kind !== "unreadable") break;
    }
    return none(`${provider} gives no link to it (${why})`);
  }

  /** A gateway may give out the link that it has kept since the clip was made. */
  async #judge(url: string, age: number): Promise<Handed> {
    const { clock, provider } = this.#input;
    const expiry = linkExpiry(url);
    const isFresh =
      expiry === undefined
        ? age < LINK.lastsMs - MARGIN_MS || (await this.#opens(url))
        : expiry > clock.now() + MARGIN_MS;
    return isFresh ? { kind: "url", url } : none(`its link at ${provider} has expired`);
  }

  /** By the first bytes alone. A HEAD would say nothing: signed links are for GET. */
  async #opens(url: string): Promise<boolean> {
    const { service, signal } = this.#input;
    const opened = await service.download(url, 0, signal);
    if (opened.kind !== "open") return false;
    const bytes = opened.body[Symbol.asyncIterator]();
    try {
      await bytes.next();
      await bytes.return?.();
      return true;
    } catch {
      return false;
    }
  }
}

function none(why: string): Handed {
  return { kind: "none", why };
}
