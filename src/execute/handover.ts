import type { Take } from "../plan/lock.ts";
import type { Handover } from "./materialize.ts";
import type { Service } from "./service.ts";

/**
 * The provider's own link to a clip, asked for anew, since links live for a day only. `share` is the way for what
 * the provider has no link to, where there is one.
 */
export function providerHandover(
  service: Service,
  provider: string,
  signal: AbortSignal,
  share?: (take: Take | string) => string | undefined,
): Handover {
  const links = new Map<string, string>();
  return {
    clipUrl: async (take) => {
      const { task } = take;
      if (task === undefined || take.provider !== provider) return share?.(take);
      const known = links.get(task);
      if (known !== undefined) return known;
      const look = await service.poll(task, signal);
      if (look.kind !== "succeeded") return share?.(take);
      links.set(task, look.url);
      return look.url;
    },
    fileUrl: (path) => Promise.resolve(share?.(path)),
  };
}
