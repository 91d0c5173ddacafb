import { accessSync, constants, statfsSync } from "node:fs";
import { connectionOf, chooseProvider, PROVIDER_VARIABLES, type Environment } from "../../driver/options.ts";
import { BASE_URLS } from "../../service/routes.ts";
import { findProject, shownPath } from "../../driver/project.ts";
import { openCodec } from "../../media/child-codec.ts";
import { loadEnvironment } from "../environment.ts";
import { EXIT } from "../exit.ts";
import { closeJson } from "../report.ts";
import type { CommandRun } from "../command.ts";

interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
}

/** What this machine can do, and where each setting comes from. Nothing is sent anywhere. */
export const doctor: CommandRun = async ({ args }, terminal, version) => {
  const environment = loadEnvironment(args[0]);
  const findings = [
    { name: "storyc", ok: true, text: version },
    nodeFinding(),
    await codecFinding(),
    folderFinding(args[0]),
    providerFinding(environment),
    ...keyFindings(environment),
  ];
  for (const { name, ok, text } of findings) {
    terminal.out(
      `${ok ? terminal.style("green", "ok") : terminal.style("yellow", "!!")}  ${name.padEnd(18)} ${text}`,
    );
  }
  closeJson(terminal, "doctor", EXIT.done, { findings });
  return EXIT.done;
};

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 18);
  return {
    name: "node",
    ok,
    text: `${process.versions.node}${ok ? "" : ", 20.18 is the oldest that works"}`,
  };
}

async function codecFinding(): Promise<Finding> {
  const opened = await openCodec();
  if (opened.kind === "none") {
    const text = `none (${opened.reason}): no rehearsal and no stills; checks, plans, paid clips and plain cuts work. Install an ffmpeg, or set FFMPEG_PATH`;
    return { name: "codec", ok: false, text };
  }
  await opened.codec.close();
  return { name: "codec", ok: true, text: opened.codec.name };
}

function folderFinding(file: string | undefined): Finding {
  const found = findProject(file, process.cwd());
  if (found.kind === "not-found")
    return { name: "storyboard", ok: false, text: found.diagnostics[0]?.message ?? "none" };
  const { folder, storyboard } = found.project;
  const { bavail, bsize } = statfsSync(folder);
  const free = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free`;
  try {
    accessSync(folder, constants.W_OK);
    return { name: "storyboard", ok: true, text: `${shownPath(storyboard, process.cwd())}, ${free}` };
  } catch {
    return { name: "storyboard", ok: false, text: `${shownPath(folder, process.cwd())} may not be written` };
  }
}

function providerFinding(environment: Environment): Finding {
  const { value, origin } = chooseProvider(undefined, environment);
  return {
    name: "provider",
    ok: true,
    text: `${value} (${origin}; a storyboard's \`provider\` comes before the default)`,
  };
}

/** Keys are masked: what a screen shows ends up in a picture. */
function keyFindings(environment: Environment): Finding[] {
  return (["anyfast", "ark"] as const).map((provider) => {
    const { key, base } = PROVIDER_VARIABLES[provider];
    const found = connectionOf(provider, environment);
    const url = environment[base] ? `${environment[base]} (${base})` : `${BASE_URLS[provider]} (default)`;
    const text =
      found.kind === "no-key"
        ? `${key} is not set; needed only for paid clips`
        : `${key} is set (…${found.connection.apiKey.slice(-4)}), ${url}`;
    return { name: provider, ok: true, text };
  });
}
