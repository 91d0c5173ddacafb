import { homedir } from "node:os";
import { join } from "node:path";
import type { BucketKeys, BucketSettings } from "../service/bucket.ts";
import { isLoopback } from "../service/routes.ts";
import { readText, type Files } from "../store/files.ts";
import type { WrittenBucket } from "../storyboard/bucket.ts";
import type { Environment } from "./options.ts";

export type FoundBucket =
  | { readonly kind: "none" }
  | { readonly kind: "bucket"; readonly settings: BucketSettings }
  /** It is asked for, and cannot be used as it is: a sentence, and what to do. */
  | { readonly kind: "wrong"; readonly message: string };

/** The bucket of `STORYC_S3_…`, else of the storyboard's `store`; keys from the environment, else from the shared file. */
export function findBucket(
  written: WrittenBucket | undefined,
  environment: Environment,
  files: Files,
): FoundBucket {
  const from = (name: string): string | undefined => environment[`STORYC_S3_${name}`]?.trim() || undefined;
  const bucket = from("BUCKET") ?? written?.bucket;
  if (bucket === undefined) return { kind: "none" };
  const region = from("REGION") ?? written?.region ?? (environment["AWS_REGION"]?.trim() || "us-east-1");
  const named = from("ENDPOINT") ?? written?.endpoint;
  const endpoint = named ?? `https://s3.${region}.amazonaws.com`;
  const problem = endpointProblem(endpoint);
  if (problem !== undefined) return { kind: "wrong", message: problem };
  const keys = keysOf(environment) ?? sharedKeys(environment, files);
  if (!keys) {
    const message = `the bucket ${bucket} needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile in the shared credentials file`;
    return { kind: "wrong", message };
  }
  const prefix = (from("PREFIX") ?? written?.prefix ?? "").replace(/^\/+|\/+$/g, "");
  const style = from("PATH_STYLE");
  // Most servers other than Amazon's know buckets by their path alone.
  const pathStyle = style === undefined ? (written?.path_style ?? named !== undefined) : style !== "false";
  const settings = { endpoint, bucket, region, prefix: prefix && `${prefix}/`, pathStyle, keys };
  return { kind: "bucket", settings };
}

function endpointProblem(endpoint: string): string | undefined {
  if (!URL.canParse(endpoint)) return `the store's endpoint \`${endpoint}\` is no URL`;
  const { protocol, username, search } = new URL(endpoint);
  if (username || search) return "the store's endpoint must hold neither keys nor a query";
  if (protocol === "https:" || (protocol === "http:" && isLoopback(new URL(endpoint)))) return undefined;
  return "the store's endpoint must begin with https://";
}

function keysOf(values: Environment): BucketKeys | undefined {
  const accessKeyId = values["AWS_ACCESS_KEY_ID"]?.trim();
  const secretAccessKey = values["AWS_SECRET_ACCESS_KEY"]?.trim();
  const sessionToken = values["AWS_SESSION_TOKEN"]?.trim();
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

function sharedKeys(environment: Environment, files: Files): BucketKeys | undefined {
  const path = environment["AWS_SHARED_CREDENTIALS_FILE"]?.trim() || join(homedir(), ".aws", "credentials");
  const profile = environment["AWS_PROFILE"]?.trim() || "default";
  const found = iniSection(readShared(path, files), profile);
  return keysOf(Object.fromEntries(Object.entries(found).map(([key, value]) => [key.toUpperCase(), value])));
}

/** A file that may not be read gives no keys, and their lack is told. */
function readShared(path: string, files: Files): string {
  try {
    return readText(files, path) ?? "";
  } catch {
    return "";
  }
}

/** The values of one section of an INI file. */
function iniSection(text: string, name: string): Record<string, string> {
  const values: Record<string, string> = {};
  let section = "";
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*(.*?)\s*\]/.exec(line)?.[1];
    if (header !== undefined) section = header;
    const [, key, value] = /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (section === name && key !== undefined && value !== undefined) values[key] = value;
  }
  return values;
}
