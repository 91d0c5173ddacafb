import { dirname, basename, resolve } from "node:path";
import { areOld } from "../base/prices.ts";
import { unreachable } from "../base/unreachable.ts";
import { hasErrors } from "../base/diagnostic.ts";
import { BASE_URLS, readBaseUrl } from "../service/routes.ts";
import { diskFiles } from "../store/files.ts";
import type { Storyboard } from "../storyboard/types.ts";
import type { ReadEnvironment } from "./environment.ts";
import { fine, wrong, type Finding } from "./finding.ts";
import { git } from "./git.ts";
import { chooseProvider, connectionOf, PROVIDER_VARIABLES } from "./options.ts";
import { readPrices } from "./prices.ts";
import { readStore } from "./store-settings.ts";

/** Settings of storyc that are no keys and no addresses; each may be shown. */
const SHOWN_SETTINGS = /^STORYC_(?!.*(KEY|SECRET|TOKEN|PASSWORD))|^FFMPEG_PATH$/;

/** The `.env` files that were read, and whether git would publish what is in them. */
export function environmentFindings({ files, origins, problem }: ReadEnvironment, cwd: string): Finding[] {
  const findings = files.map((file) => environmentFinding(file, origins, cwd));
  if (problem !== undefined) findings.push(wrong("settings", problem));
  return findings.length > 0
    ? findings
    : [fine("settings", "no .env beside the storyboard or at the root of its checkout")];
}

function environmentFinding(file: string, origins: ReadEnvironment["origins"], cwd: string): Finding {
  const path = resolve(cwd, file);
  const names = [...origins].filter(([, origin]) => origin === file).map(([name]) => name);
  const keys = Object.values(PROVIDER_VARIABLES).map(({ key }) => key);
  const hasKey = names.some(
    (name) => (keys as string[]).includes(name) || /SECRET|TOKEN|PASSWORD/.test(name),
  );
  // 0: ignored, 1: git would take it, anything else: no git, or no checkout.
  const isPublic = hasKey && git(dirname(path), ["check-ignore", "-q", "--", basename(path)]).exit === 1;
  const text = `${file} sets ${names.length === 0 ? "nothing that counts" : names.join(", ")}`;
  return isPublic
    ? wrong("settings", `${text}; git does not ignore it, add it to .gitignore`)
    : fine("settings", text);
}

export function providerFinding({ values }: ReadEnvironment, storyboard: Storyboard | undefined): Finding {
  const { value, origin } = chooseProvider(undefined, values, storyboard);
  return fine("provider", `${value} (${origin})`);
}

/** Keys are masked: what a screen shows ends up in a picture. */
export function keyFinding(provider: "anyfast" | "ark", { values, origins }: ReadEnvironment): Finding {
  const { key, base } = PROVIDER_VARIABLES[provider];
  const found = connectionOf(provider, values);
  const from = (name: string): string => (values[name] ? (origins.get(name) ?? "environment") : "default");
  const url = values[base]?.trim() || BASE_URLS[provider];
  const read = readBaseUrl(url);
  if (read.kind === "wrong") return wrong(provider, `${base} (${from(base)}): ${read.message}`);
  const where = `${read.url.origin}${read.url.pathname.replace(/\/$/, "")} (${from(base)})`;
  const text =
    found.kind === "no-key"
      ? `${key} is not set; needed only for paid clips; ${where}`
      : `${key} is set (${maskKey(found.connection.apiKey)}, ${from(key)}); ${where}`;
  return fine(provider, text);
}

/** The end of a key tells two keys apart, and of a short one too much. */
export function maskKey(key: string): string {
  return key.length >= 20 ? `…${key.slice(-4)}` : `${key.length} characters`;
}

/** The bucket by which media reach the paid service, and whose keys open it. */
export function storeFindings(
  { values }: ReadEnvironment,
  storyboard: Storyboard | undefined,
  cwd: string,
): Finding[] {
  const { store, diagnostics } = readStore(storyboard?.store, values, cwd, diskFiles);
  if (diagnostics.length > 0) return diagnostics.map(({ message }) => wrong("store", message));
  switch (store.kind) {
    case "none":
      return [fine("store", "none; videos of your own need one, and clips whose links have expired")];
    case "no-keys":
      return [wrong("store", `there are no keys for it: ${store.why}`)];
    case "store": {
      const { bucket, endpoint } = store.settings;
      return [fine("store", `${bucket} at ${endpoint.host}; keys from ${store.keysFrom}`)];
    }
    default:
      return unreachable(store);
  }
}

export function pricesFinding(
  { values }: ReadEnvironment,
  storyboard: Storyboard | undefined,
  cwd: string,
  now: number,
): Finding {
  const { prices, diagnostics } = readPrices(storyboard?.prices, values, cwd, diskFiles);
  const [problem] = diagnostics;
  if (problem && hasErrors(diagnostics)) return wrong("prices", problem.message);
  const text = `${prices.currency} of ${prices.asOf}, ${prices.from ?? "the list of the model's maker"}`;
  return areOld(prices, now) ? wrong("prices", `${text}; more than half a year old`) : fine("prices", text);
}

/**
 * Of the process alone: read before any `.env` is looked for, or by another program; and what leads the network, since
 * a checkout must not choose through whose machine a key travels, nor whom that machine may pretend to be.
 */
const OF_THE_PROCESS =
  /^(STORYC_DEBUG|FFMPEG_PATH|NODE_EXTRA_CA_CERTS|NODE_TLS_REJECT_UNAUTHORIZED|(https?|no)_proxy)$/i;

/** What is set for storyc beyond keys and addresses, with where. */
export function settingFindings({ values, origins }: ReadEnvironment): Finding[] {
  return Object.entries(values)
    .filter(
      ([name, value]) =>
        value && (SHOWN_SETTINGS.test(name) || (OF_THE_PROCESS.test(name) && origins.has(name))),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => {
      const file = origins.get(name);
      if (file !== undefined && OF_THE_PROCESS.test(name))
        return wrong(name, `stands in ${file}, and counts in the environment only`);
      return fine(name, `${value} (${file ?? "environment"})`);
    });
}
