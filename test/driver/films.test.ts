import { expect, test } from "vitest";
import type { Checked } from "../../src/driver/check.ts";
import { renderOn } from "../../src/driver/render.ts";
import { serviceError } from "../support/fake-service.ts";
import { checkedText, memoryMachine, PROJECT } from "../support/memory-machine.ts";

const OPTIONS = { environment: { ANYFAST_API_KEY: "x" }, yes: true, cwd: PROJECT.folder };

/** Two films that ask for the same clip. */
function films(): Promise<Checked> {
  const checked = checkedText(
    "version: 1\nprovider: anyfast\nscenes:\n  - { id: wide, prompt: A harbour. }\n",
  );
  const two = checked.films.flatMap((film) =>
    ["16x9", "9x16"].map((variant) => ({ ...film, storyboard: { ...film.storyboard, variant } })),
  );
  return Promise.resolve({ ...checked, films: two });
}

const states = (machine: ReturnType<typeof memoryMachine>): string[] => {
  const lock = machine.files.readFileSync("/project/film.lock.json", "utf8") as string;
  return lock.match(/(?<="state": ")[a-z]+/g) ?? [];
};

test("a clip that two films share and one could not make is not tried again by the other in the same run", async () => {
  const machine = memoryMachine();
  const { clock, service } = machine;
  service.onPoll = () => ({ kind: "failed", error: serviceError("Output") });
  await clock.until(renderOn(machine, films, OPTIONS));
  expect(service.creates).toHaveLength(1);
  await clock.until(renderOn(machine, films, OPTIONS));
  expect(service.creates).toHaveLength(2);
  expect(states(machine)).toEqual(["failed", "failed"]);
});
