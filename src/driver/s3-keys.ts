import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { S3Keys } from "../service/s3-store.ts";
import { readText, type Files } from "../store/files.ts";
import type { Environment } from "./options.ts";

/** The keys of a bucket, and where they were found; or why there are none. */
export type FoundKeys =
  | { readonly kind: "keys"; readonly keys: S3Keys; readonly from: string }
  | { readonly kind: "none"; readonly why: string };

/** `AWS_*` of the environment, `.env` files among it; then the profile of the shared credentials file. */
export function findS3Keys(environment: Environment, cwd: string, files: Files): FoundKeys {
  const of = (name: string): string => environment[name]?.trim() ?? "";
  const [id, secret] = [of("AWS_ACCESS_KEY_ID"), of("AWS_SECRET_ACCESS_KEY")];
  if (id !== "" && secret !== "")
    return { kind: "keys", keys: keysOf(id, secret, of("AWS_SESSION_TOKEN")), from: "AWS_ACCESS_KEY_ID" };
  if (id !== "" || secret !== "")
    return none(`${id === "" ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY"} is not set`);
  const named = of("AWS_SHARED_CREDENTIALS_FILE");
  const path = named === "" ? join(homedir(), ".aws", "credentials") : resolve(cwd, named);
  const shown = named === "" ? "~/.aws/credentials" : named;
  return keysOfProfile(files, path, shown, of("AWS_PROFILE"));
}

function keysOfProfile(files: Files, path: string, shown: string, asked: string): FoundKeys {
  let text: string | undefined;
  try {
    text = readText(files, path);
  } catch (error) {
    return none(`${shown} cannot be read: ${(error as NodeJS.ErrnoException).code ?? "unknown"}`);
  }
  if (text === undefined) return none("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
  const profile = asked === "" ? "default" : asked;
  const found = parseCredentials(text).get(profile);
  if (!found) return none(`${shown} has no profile \`${profile}\``);
  const [id, secret] = [found.get("aws_access_key_id") ?? "", found.get("aws_secret_access_key") ?? ""];
  if (id === "" || secret === "")
    return none(
      `the profile \`${profile}\` of ${shown} holds no keys; \`aws configure export-credentials --format env\` prints those of a role or of SSO`,
    );
  const keys = keysOf(id, secret, found.get("aws_session_token") ?? "");
  return { kind: "keys", keys, from: `the profile \`${profile}\` of ${shown}` };
}

/** Profiles by name, with their entries. Lines that are neither head nor entry are left alone, as Amazon's tools do. */
function parseCredentials(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const profiles = new Map<string, Map<string, string>>();
  let open: Map<string, string> | undefined;
  for (const line of text.replace(/^\uFEFF/, "").split(/\r\n?|\n/)) {
    const head = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (head !== undefined) profiles.set(head, (open = profiles.get(head) ?? new Map<string, string>()));
    const [, key, value] = /^\s*([^\s=#;]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (head === undefined && key !== undefined && value !== undefined) open?.set(key.toLowerCase(), value);
  }
  return profiles;
}

function keysOf(accessKeyId: string, secretAccessKey: string, sessionToken: string): S3Keys {
  return { accessKeyId, secretAccessKey, ...(sessionToken !== "" && { sessionToken }) };
}

function none(why: string): FoundKeys {
  return { kind: "none", why };
}
