import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import type { S3Settings } from "../service/s3-store.ts";
import type { Files } from "../store/files.ts";
import { ENDPOINT_HELP, readEndpoint } from "../storyboard/store.ts";
import type { StorePlace } from "../storyboard/types.ts";
import type { Environment } from "./options.ts";
import { findS3Keys } from "./s3-keys.ts";

/** The bucket of a run. */
export type ChosenStore =
  | { readonly kind: "none" }
  /** There is one, but nobody could open it. */
  | { readonly kind: "no-keys"; readonly why: string }
  | { readonly kind: "store"; readonly settings: S3Settings; readonly keysFrom: string };

interface ReadStore {
  readonly store: ChosenStore;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a store is set by, where not by the storyboard. */
export const STORE_VARIABLES = {
  bucket: "STORYC_S3_BUCKET",
  endpoint: "STORYC_S3_ENDPOINT",
  region: "STORYC_S3_REGION",
  prefix: "STORYC_S3_PREFIX",
  pathStyle: "STORYC_S3_PATH_STYLE",
} as const;

/** Entry by entry: the environment stands above the storyboard. */
export function readStore(
  written: StorePlace | undefined,
  environment: Environment,
  cwd: string,
  files: Files,
): ReadStore {
  const of = (entry: keyof typeof STORE_VARIABLES): string | undefined =>
    environment[STORE_VARIABLES[entry]]?.trim() || undefined;
  const bucket = of("bucket") ?? written?.bucket;
  if (bucket === undefined) return { store: { kind: "none" }, diagnostics: [] };
  const region =
    of("region") ??
    written?.region ??
    (environment["AWS_REGION"]?.trim() || environment["AWS_DEFAULT_REGION"]?.trim() || "us-east-1");
  const prefix = of("prefix") ?? written?.prefix ?? "";
  const address = of("endpoint") ?? written?.endpoint ?? `https://s3.${region}.amazonaws.com`;
  const endpoint = readEndpoint(address);
  const styled = of("pathStyle");
  const problems = [
    ...(endpoint.kind === "wrong"
      ? [wrong(`${STORE_VARIABLES.endpoint} ${endpoint.why}`, ENDPOINT_HELP)]
      : []),
    ...(NAMES.bucket.test(bucket) ? [] : [wrong(`${STORE_VARIABLES.bucket} is no name of a bucket`)]),
    ...(NAMES.prefix.test(prefix)
      ? []
      : [wrong(`${STORE_VARIABLES.prefix} may hold letters, digits, \`.\`, \`_\`, \`-\` and \`/\``)]),
    ...(styled === undefined || /^(true|false|0|1)$/i.test(styled)
      ? []
      : [wrong(`${STORE_VARIABLES.pathStyle} must be \`true\` or \`false\``)]),
  ];
  if (endpoint.kind === "wrong" || problems.length > 0)
    return { store: { kind: "none" }, diagnostics: problems };
  const keys = findS3Keys(environment, cwd, files);
  if (keys.kind === "none") return { store: { kind: "no-keys", why: keys.why }, diagnostics: [] };
  const pathStyle =
    styled === undefined
      ? (written?.pathStyle ?? needsPath(endpoint.url, bucket))
      : /^(true|1)$/i.test(styled);
  const settings: S3Settings = {
    endpoint: endpoint.url,
    bucket,
    region,
    prefix: prefix === "" ? "" : prefix.replace(/\/*$/, "/"),
    pathStyle,
    keys: keys.keys,
  };
  return { store: { kind: "store", settings, keysFrom: keys.from }, diagnostics: [] };
}

/** As the schema has them for the storyboard. */
const NAMES = {
  bucket: /^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/,
  prefix: /^([A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*\/?)?$/,
};

/** Amazon's certificates name one level below them, so a bucket with a point must stand in the path there too. */
function needsPath({ hostname }: URL, bucket: string): boolean {
  return !/\.amazonaws\.com(\.cn)?$/.test(hostname) || bucket.includes(".");
}

function wrong(message: string, help = "correct it, or take it out"): Diagnostic {
  return diagnose("store/bad-setting", undefined, message, { help });
}
