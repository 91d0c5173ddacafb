import { BASE_URLS } from "../service/routes.ts";
import type { S3Settings } from "../service/s3-store.ts";
import type { Provider, Storyboard } from "../storyboard/types.ts";
import type { RunKind } from "./project.ts";

/** A value with who has set it. */
export interface Chosen<T> {
  readonly value: T;
  readonly origin: "flag" | "environment" | "storyboard" | "default";
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Flag, then `STORYC_PROVIDER`, then the storyboard; without any of them a rehearsal. */
export function chooseProvider(
  flag: Provider | undefined,
  environment: Environment,
  storyboard?: Storyboard,
): Chosen<Provider> {
  if (flag) return { value: flag, origin: "flag" };
  const fromEnvironment = environment["STORYC_PROVIDER"];
  if (isProvider(fromEnvironment)) return { value: fromEnvironment, origin: "environment" };
  if (storyboard?.provider) return { value: storyboard.provider.value, origin: "storyboard" };
  return { value: "emulator", origin: "default" };
}

export const PROVIDERS: readonly Provider[] = ["emulator", "anyfast", "ark"];

export function isProvider(value: string | undefined): value is Provider {
  return (PROVIDERS as readonly (string | undefined)[]).includes(value);
}

export function runKindOf(provider: Provider): RunKind {
  return provider === "emulator" ? "rehearsal" : "paid";
}

/** How a provider is reached. */
export interface Connection {
  readonly provider: Provider;
  readonly baseUrl: string;
  readonly apiKey: string;
  /** The bucket by which media reach it. */
  readonly store?: S3Settings;
  /** Media may be put into its asset library, which is billed. */
  readonly library?: boolean;
}

export const PROVIDER_VARIABLES = {
  anyfast: { key: "ANYFAST_API_KEY", base: "ANYFAST_BASE_URL" },
  ark: { key: "ARK_API_KEY", base: "ARK_BASE_URL" },
} as const;

export type ConnectionResult =
  | { readonly kind: "connection"; readonly connection: Connection }
  /** `connection`: for a run that has nothing to ask the provider for. */
  | { readonly kind: "no-key"; readonly variable: string; readonly connection: Connection };

export function connectionOf(
  provider: Exclude<Provider, "emulator">,
  environment: Environment,
): ConnectionResult {
  const { key, base } = PROVIDER_VARIABLES[provider];
  const apiKey = environment[key]?.trim() ?? "";
  const connection = { provider, baseUrl: environment[base]?.trim() || BASE_URLS[provider], apiKey };
  return apiKey ? { kind: "connection", connection } : { kind: "no-key", variable: key, connection };
}
