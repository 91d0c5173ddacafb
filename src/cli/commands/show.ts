import { UsageError, EXIT } from "../exit.ts";
import { check, type Compiled } from "../../driver/check.ts";
import { lowerScene } from "../../seedance/lower.ts";
import { nearNames } from "../../base/near.ts";
import { closeJson, printDiagnostics } from "../report.ts";
import { showJson, showText } from "../show-text.ts";
import type { CommandRun } from "../command.ts";

export const show: CommandRun = async ({ args, flags }, terminal) => {
  const [id = "", file] = args;
  const checked = await check({ file, profile: flags.profile, allowOutside: flags.allowOutside });
  printDiagnostics(terminal, checked.diagnostics);
  const compiled = flags.film === undefined ? checked.films[0] : pickFilm(checked.films, flags.film);
  if (!compiled) {
    closeJson(terminal, "show", EXIT.invalid, {}, checked.diagnostics);
    return EXIT.invalid;
  }
  const scene = compiled.storyboard.scenes.find((candidate) => candidate.id === id);
  if (!scene) {
    const ids = compiled.storyboard.scenes.map((candidate) => candidate.id);
    const [near] = nearNames(id, ids);
    throw new UsageError(
      `there is no scene \`${id}\`; ${near ? `did you mean \`${near}\`?` : `the scenes are ${ids.join(", ")}`}`,
    );
  }
  const lowered = lowerScene(compiled.storyboard, scene, compiled.media);
  terminal.out(showText(compiled, scene, lowered, terminal));
  closeJson(terminal, "show", EXIT.done, showJson(compiled, scene, lowered));
  return EXIT.done;
};

function pickFilm(films: readonly Compiled[], name: string): Compiled | undefined {
  const found = films.find(({ storyboard }) => storyboard.variant === name);
  if (found || films.length === 0) return found;
  const names = films.map(({ storyboard }) => storyboard.variant);
  throw new UsageError(`there is no film \`${name}\`; the films are ${names.join(", ")}`);
}
