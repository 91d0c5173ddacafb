import { accessSync, constants, readFileSync, statfsSync } from "node:fs";
import { openCodec } from "../media/child-codec.ts";
import type { Environment } from "./options.ts";
import { fine, wrong, type Finding } from "./finding.ts";
import { shownPath, type Project } from "./project.ts";

const GIB = 1024 ** 3;
/** Below it a film of some minutes may not fit. */
const LITTLE_SPACE = 2 * GIB;

export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNew = major > 20 || (major === 20 && minor >= 18);
  return isNew ? fine("node", version) : wrong("node", `${version}, 20.18 is the oldest that works`);
}

export async function codecFinding(): Promise<Finding> {
  const opened = await openCodec();
  if (opened.kind === "none") {
    const text = `none (${opened.reason}): no rehearsal and no stills; checks, plans, paid clips and plain cuts work. Install an ffmpeg, or set FFMPEG_PATH`;
    return wrong("codec", text);
  }
  await opened.codec.close();
  return fine("codec", opened.codec.name);
}

/** Where everything of the storyboard is written. */
export function diskFinding({ folder }: Project, cwd: string): Finding {
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return wrong("disk", `${shownPath(folder, cwd)} may not be written`);
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const text = `${(free / GIB).toFixed(1)} GiB free`;
  return free < LITTLE_SPACE ? wrong("disk", `${text}; clips of a film may need more`) : fine("disk", text);
}

const PROXIES = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] as const;

/** Read from the process alone, as everything does that talks to the network. */
export function proxyFindings(environment: Environment): Finding[] {
  const found = PROXIES.flatMap((name) => {
    const lower = name.toLowerCase();
    const [used, value] =
      environment[lower] === undefined ? [name, environment[name]] : [lower, environment[lower]];
    return value ? [proxyFinding(used, value)] : [];
  });
  return found.length > 0 ? found : [fine("proxy", "none")];
}

function proxyFinding(name: string, value: string): Finding {
  if (/^no_proxy$/i.test(name)) return fine("proxy", `${name}: not for ${value}`);
  if (!URL.canParse(value))
    return wrong("proxy", `${name} is not a proxy's URL, such as http://proxy.example.com:3128`);
  const { protocol, host, username } = new URL(value);
  return fine("proxy", `${name}: ${protocol}//${username === "" ? "" : "…@"}${host}`);
}

/** Node reads the file once, when it starts, and only warns when it cannot. */
export function certificatesFinding(environment: Environment): Finding {
  const path = environment["NODE_EXTRA_CA_CERTS"];
  if (!path) return fine("certificates", "those of Node");
  try {
    const count = readFileSync(path, "utf8").match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
    const text = `those of Node, and ${count} of ${path} (NODE_EXTRA_CA_CERTS)`;
    return count > 0 ? fine("certificates", text) : wrong("certificates", `${path} has no certificate in it`);
  } catch (error) {
    return wrong("certificates", `NODE_EXTRA_CA_CERTS: ${(error as Error).message}`);
  }
}
