import type { Service } from "../execute/service.ts";
import type { ServiceError } from "../seedance/outcome.ts";

/** Stands for a provider whose key nobody has given: a run that needs nothing of it can go on, any other one stops. */
export function keylessService(): Service {
  const error: ServiceError = { code: "", message: "no key is set" };
  const halt = { kind: "halt", reason: "bad-key", error } as const;
  return {
    create: () => Promise.resolve(halt),
    poll: () => Promise.resolve(halt),
    download: () => Promise.resolve({ kind: "unreadable", error }),
    close: () => Promise.resolve(),
  };
}
