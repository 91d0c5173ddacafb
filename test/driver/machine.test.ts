import { expect, test } from "vitest";
import type { Checked } from "../../src/driver/check.ts";
import { renderOn } from "../../src/driver/render.ts";
import { checkedText, memoryMachine, PROJECT } from "../support/memory-machine.ts";

const STORYBOARD = `version: 1
provider: anyfast
scenes:
  - { id: dawn, prompt: At dawn. }
  - { id: climb, extend: dawn, prompt: He climbs. }
  - { id: lamp, first_frame: climb.last_frame, prompt: The lamp ignites. }
`;
const OPTIONS = { environment: { ANYFAST_API_KEY: "x" }, yes: true, cwd: PROJECT.folder };

test("a whole run, from the lock to the film, touches nothing but the machine that it is given", async () => {
  const machine = memoryMachine();
  const { clock, files, service } = machine;
  const check = (): Promise<Checked> => Promise.resolve(checkedText(STORYBOARD));
  const ran = await clock.until(renderOn(machine, check, OPTIONS));
  expect(ran).toMatchObject({ kind: "ran", films: [{ film: { kind: "made" } }] });
  expect(service.creates.map(({ label }) => label)).toEqual(["dawn", "climb", "lamp"]);
  const lock = files.readFileSync("/project/film.lock.json", "utf8");
  expect(lock.match(/"state": "done"/g)).toHaveLength(3);
  expect(files.readdirSync("/project/renders/film").map(String).sort()).toEqual([
    "climb.mp4",
    "dawn.mp4",
    "film.mp4",
    "lamp.mp4",
  ]);

  const again = await clock.until(renderOn(machine, check, OPTIONS));
  expect(again).toMatchObject({ kind: "ran", films: [{ film: { kind: "current" } }] });
  expect(service.creates).toHaveLength(3);
  expect(files.readFileSync("/project/film.lock.json", "utf8")).toBe(lock);
});
