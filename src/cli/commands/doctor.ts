import { examine, examineOnline, type DoctorOptions } from "../../driver/doctor.ts";
import { readEnvironment } from "../../driver/environment.ts";
import type { Finding } from "../../driver/finding.ts";
import { displayWidth, padDisplay } from "../display-width.ts";
import { EXIT } from "../exit.ts";
import { closeJson } from "../report.ts";
import type { Terminal } from "../terminal.ts";
import type { CommandRun } from "../command.ts";

/** What this machine can do, and where each setting comes from; `--online` also whether the services answer. */
export const doctor: CommandRun = async ({ args: [file], flags }, terminal, version) => {
  const cwd = process.cwd();
  const settings = readEnvironment(file, cwd);
  const options: DoctorOptions = { file, cwd, settings, version, now: Date.now(), network: process.env };
  const findings = await examine(options);
  terminal.out(findingsText(findings, terminal));
  const online = flags.online ? await examineOnline(options) : [];
  if (online.length > 0) terminal.out(findingsText(online, terminal));
  // Asked whether it works, a script wants to hear the answer.
  const exit = online.every(({ ok }) => ok) ? EXIT.done : EXIT.incomplete;
  closeJson(terminal, "doctor", exit, { findings: [...findings, ...online] });
  return exit;
};

function findingsText(findings: readonly Finding[], terminal: Pick<Terminal, "style">): string {
  const width = Math.max(16, ...findings.map(({ name }) => displayWidth(name)));
  return findings
    .map(({ name, ok, text }) => {
      const mark = ok ? terminal.style("green", "ok") : terminal.style("yellow", "!!");
      return `${mark}  ${padDisplay(name, width)}  ${text}`;
    })
    .join("\n");
}
