import type { Take } from "../plan/lock.ts";
import type { Clock } from "./clock.ts";
import type { Handover } from "./materialize.ts";
import type { Service } from "./service.ts";

/** A way for bytes of this machine: the clip of a take, or the file at a path. Undefined when it cannot be gone. */
export type Share = (what: Take | string) => Promise<string | undefined>;

/** A link must live until the service has fetched it; a task may wait for its turn for a while. */
const ENOUGH_MS = 30 * 60_000;
const LINK_LIVES_MS = 24 * 3_600_000;

/**
 * The provider's own link to a clip, asked for anew, since links live for a day only; else the way of `share`, for
 * what the provider has no link to. Links are not kept longer than they live.
 */
export function providerHandover(
  service: Service,
  provider: string,
  signal: AbortSignal,
  clock: Pick<Clock, "now">,
  share: Share = () => Promise.resolve(undefined),
): Handover {
  const links = new Map<string, string>();
  const isFresh = (url: string, take: Take): boolean => {
    const end = expiryOf(url) ?? Date.parse(take.at) + LINK_LIVES_MS;
    return end - clock.now() > ENOUGH_MS;
  };
  return {
    clipUrl: async (take) => {
      const { task } = take;
      if (task === undefined || take.provider !== provider) return share(take);
      const known = links.get(task);
      if (known !== undefined && isFresh(known, take)) return known;
      const own = await ownLink(service, task, signal);
      if (own !== undefined && isFresh(own, take)) {
        links.set(task, own);
        return own;
      }
      // A link that does not say when it ends may have been renewed. One that says it has ended is not sent: the
      // service would refuse the request, and the scene with it.
      const isOver = own !== undefined && (expiryOf(own) ?? Infinity) < clock.now();
      return (await share(take)) ?? (isOver ? undefined : own);
    },
    fileUrl: share,
  };
}

/** One failed look says nothing about a task. */
const LOOKS = 3;

async function ownLink(service: Service, task: string, signal: AbortSignal): Promise<string | undefined> {
  for (let look = 0; look < LOOKS && !signal.aborted; look++) {
    const outcome = await service.poll(task, signal);
    if (outcome.kind === "succeeded") return outcome.url;
    if (outcome.kind !== "unreadable") return undefined;
  }
  return undefined;
}

/** When a signed link ends, in milliseconds since 1970; undefined where it does not say so. */
export function expiryOf(link: string): number | undefined {
  if (!URL.canParse(link)) return undefined;
  const values = new Map(
    [...new URL(link).searchParams].map(([key, value]) => [key.toLowerCase(), value] as const),
  );
  const unix = Number(values.get("expires") ?? Number.NaN);
  if (unix > 1e9) return unix * 1000;
  for (const maker of ["x-tos", "x-amz"]) {
    const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(values.get(`${maker}-date`) ?? "") ?? [];
    const seconds = Number(values.get(`${maker}-expires`) ?? Number.NaN);
    if (day === undefined || time === undefined || Number.isNaN(seconds)) continue;
    const date = day.replace(/(....)(..)(..)/, "$1-$2-$3");
    return Date.parse(`${date}T${time.replace(/(..)(..)(..)/, "$1:$2:$3")}Z`) + seconds * 1000;
  }
  return undefined;
}
