import { checkService } from "../service/check-service.ts";
import { openS3Store } from "../service/s3-store.ts";
import { diskFiles } from "../store/files.ts";
import { BASE_URLS, ROUTES } from "../service/routes.ts";
import type { Storyboard } from "../storyboard/types.ts";
import { check } from "./check.ts";
import {
  certificatesFinding,
  codecFinding,
  diskFinding,
  nodeFinding,
  proxyFindings,
} from "./doctor-machine.ts";
import {
  environmentFindings,
  keyFinding,
  pricesFinding,
  providerFinding,
  settingFindings,
  storeFindings,
} from "./doctor-settings.ts";
import type { ReadEnvironment } from "./environment.ts";
import { fine, wrong, type Finding } from "./finding.ts";
import { chooseProvider, connectionOf, PROVIDER_VARIABLES, type Environment } from "./options.ts";
import { findProject, shownPath } from "./project.ts";
import { readStore } from "./store-settings.ts";

export interface DoctorOptions {
  readonly file?: string | undefined;
  readonly cwd: string;
  readonly settings: ReadEnvironment;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What the network goes by: the process alone, whatever a `.env` says. */
  readonly network: Environment;
}

/** What this machine can do, and where each setting comes from. Nothing is sent anywhere. */
export async function examine(options: DoctorOptions): Promise<Finding[]> {
  const { file, cwd, settings, version, now, network } = options;
  const { findings, storyboard } = await storyboardFindings(file, cwd);
  return [
    fine("storyc", version),
    nodeFinding(process.versions.node),
    await codecFinding(),
    ...findings,
    ...environmentFindings(settings, cwd),
    ...settingFindings(settings),
    providerFinding(settings, storyboard),
    keyFinding("anyfast", settings),
    keyFinding("ark", settings),
    ...storeFindings(settings, storyboard, cwd),
    pricesFinding(settings, storyboard, cwd, now),
    ...proxyFindings(network),
    certificatesFinding(network),
  ];
}

async function storyboardFindings(
  file: string | undefined,
  cwd: string,
): Promise<{ findings: Finding[]; storyboard?: Storyboard }> {
  const found = findProject(file, cwd);
  if (found.kind === "not-found")
    return { findings: [wrong("storyboard", found.diagnostics[0]?.message ?? "none")] };
  const { project } = found;
  const disk = diskFinding(project, cwd);
  const { films, diagnostics } = await check({ file: project.storyboard, cwd });
  const name = shownPath(project.storyboard, cwd);
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const [first] = films;
  if (!first)
    return {
      findings: [
        wrong(
          "storyboard",
          `${name} has ${errors === 1 ? "an error" : `${errors} errors`}; \`storyc check\` tells of it`,
        ),
        disk,
      ],
    };
  return { findings: [fine("storyboard", name), disk], storyboard: first.storyboard };
}

/**
 * Whether the services answer: the one that would be used, and each for which there is a key. Nothing is created,
 * nothing is paid, and nothing is waited for longer than ten seconds.
 */
export async function examineOnline({ file, cwd, settings, network }: DoctorOptions): Promise<Finding[]> {
  const { storyboard } = await storyboardFindings(file, cwd);
  const used = chooseProvider(undefined, settings.values, storyboard).value;
  const asked = (["anyfast", "ark"] as const).filter(
    (provider) => provider === used || connectionOf(provider, settings.values).kind === "connection",
  );
  if (settings.problem !== undefined) return [wrong("online", settings.problem)];
  const store = storeOnline(storyboard, settings.values, cwd, network);
  if (asked.length === 0)
    return [fine("online", "no provider is named and no key is set, so none was asked"), ...(await store)];
  const services = asked.map((provider) =>
    onlineFinding(provider, provider === used, settings.values, network),
  );
  return [...(await Promise.all(services)), ...(await store)];
}

const STORE_TIMEOUT_MS = 10_000;

/** A list of no entries: nothing is written into the bucket, and nothing read from it. */
async function storeOnline(
  storyboard: Storyboard | undefined,
  environment: Environment,
  cwd: string,
  network: Environment,
): Promise<Finding[]> {
  const { store } = readStore(storyboard?.store, environment, cwd, diskFiles);
  if (store.kind !== "store") return [];
  const remote = openS3Store({ ...store.settings, env: network });
  const answer = await remote.probe(AbortSignal.timeout(STORE_TIMEOUT_MS));
  await remote.close();
  if (answer.kind === "failed") return [wrong("store online", answer.message)];
  const note = answer.note === "" ? "" : `; ${answer.note}`;
  return [fine("store online", `${remote.name} answers these keys${note}`)];
}

async function onlineFinding(
  provider: "anyfast" | "ark",
  isUsed: boolean,
  { ...values }: Environment,
  network: Environment,
): Promise<Finding> {
  const { key, base } = PROVIDER_VARIABLES[provider];
  const baseUrl = values[base]?.trim() || BASE_URLS[provider];
  const apiKey = values[key]?.trim() || undefined;
  const found = await checkService({ baseUrl, routes: ROUTES[provider], apiKey, env: network });
  const name = `${provider} online`;
  switch (found.kind) {
    case "ready":
      return fine(name, found.message);
    case "no-key":
      return isUsed ? wrong(name, `${found.message}: set ${key}`) : fine(name, found.message);
    case "bad-key":
      return wrong(name, `the key in ${key} is not accepted: ${found.message}`);
    case "no-access":
      return wrong(name, `the key is known, and access denied: ${found.message}`);
    case "no-credit":
      return wrong(name, `the key is known, and the account has no credit: ${found.message}`);
    case "wrong-place":
    case "trouble":
    case "unreachable":
      return wrong(name, found.message);
  }
}
