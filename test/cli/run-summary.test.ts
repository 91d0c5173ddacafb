import { expect, test } from "vitest";
import { runJson, runText } from "../../src/cli/run-summary.ts";
import type { Checked } from "../../src/driver/check.ts";
import { renderOn } from "../../src/driver/render.ts";
import type { Ran } from "../../src/driver/rendering.ts";
import type { CreateOutcome } from "../../src/seedance/outcome.ts";
import { checkedText, memoryMachine, PROJECT } from "../support/memory-machine.ts";

const PLAIN = { style: (_: unknown, text: string): string => text };
const STORYBOARD = `version: 1
provider: anyfast
scenes:
  - id: dawn
    prompt: At dawn.
    references: ["https://example.com/a.png", "https://example.com/b.png"]
  - { id: climb, extend: dawn, prompt: He climbs. }
  - { id: radio, prompt: A radio. }
  - { id: harbour, prompt: A harbour. }
`;
const ANSWERS: Readonly<Record<string, CreateOutcome>> = {
  dawn: { kind: "refused", error: { code: "InvalidParameter", message: "content[2].image_url: too small" } },
  radio: { kind: "unknown", error: { code: "", message: "the answer was lost" } },
};

type MemoryMachine = ReturnType<typeof memoryMachine>;

function open(): MemoryMachine {
  const machine = memoryMachine();
  machine.service.onCreate = (_body, label) =>
    ANSWERS[label] ?? { kind: "accepted", taskId: `task-${label}` };
  return machine;
}

async function run(machine: MemoryMachine, text = STORYBOARD): Promise<Ran> {
  const options = { environment: { ANYFAST_API_KEY: "x" }, yes: true, cwd: PROJECT.folder };
  const check = (): Promise<Checked> => Promise.resolve(checkedText(text));
  const result = await machine.clock.until(renderOn(machine, check, options));
  if (result.kind !== "ran") throw new Error(result.kind);
  return result;
}

const CHANGE =
  "change the scene, then `storyc render`; as it stands it is sent again only by `storyc render --retake dawn`";
const FIND =
  "look at the provider's list of tasks: `storyc adopt radio TASK-ID` if it is there, `storyc render --resubmit radio` if it is not";

test("what was not made is told with its place in the storyboard and what to type next", async () => {
  const lines = runText(await run(open()), PLAIN).split("\n");
  expect(lines[0]).toBe("1 rendered, 0 reused.");
  const [refused, place] = lines.slice(lines.findIndex((line) => line.startsWith("  ! dawn")));
  expect(refused).toBe("  ! dawn: refused: InvalidParameter: content[2].image_url: too small");
  expect(place).toBe("      film.yaml:6:47: https://example.com/b.png");
  expect(lines).toContain(`      ${CHANGE}`);
  expect(lines).toContain("  ! radio: unknown whether it was accepted: the answer was lost");
  expect(lines).toContain(`      ${FIND}`);
  expect(lines).toContain("  ! climb: blocked: `dawn` has no clip");
});

test("a later run, which sends none of it again, tells the same places and ways on", async () => {
  const machine = open();
  await run(machine);
  const again = await run(machine);
  expect(machine.service.creates).toHaveLength(3);
  const lines = runText(again, PLAIN).split("\n");
  expect(lines).toContain("      film.yaml:6:47: https://example.com/b.png");
  expect(lines).toContain(`      ${CHANGE}`);
  expect(lines).toContain(`      ${FIND}`);
});

test("--json tells the same facts", async () => {
  expect(runJson(await run(open()))["scenes"]).toMatchObject({
    dawn: {
      state: "refused",
      take: 1,
      error: { code: "InvalidParameter" },
      at: { file: "film.yaml", line: 6, column: 47, written: "https://example.com/b.png" },
      next: CHANGE,
    },
    climb: { state: "blocked", message: "`dawn` has no clip", clip: null },
    radio: { state: "unknown", take: 1, next: FIND },
    harbour: { state: "done", take: 1 },
  });
});

test.each([
  ["with sound", "", "Without sound (generate_audio: false) it often passes too."],
  ["without sound", ", generate_audio: false", ""],
])(
  "a moderated clip %s is told with what may help, and with the input that is blamed",
  async (_, more, sound) => {
    const text = `version: 1
provider: anyfast
scenes:
  - { id: dawn, prompt: At dawn., references: ["https://example.com/a.png"]${more} }
`;
    const machine = memoryMachine();
    const code = "OutputVideoSensitiveContentDetected";
    machine.service.onPoll = () => ({
      kind: "failed",
      error: { code, message: "content[1].image_url: looks like somebody" },
    });
    const lines = runText(await run(machine, text), PLAIN).split("\n");
    const start = lines.findIndex((line) => line.startsWith("  ! dawn"));
    const hint = "The picture did not pass moderation. Another try often passes, or other words.";
    expect(lines.slice(start + 1, start + 4)).toEqual([
      "      film.yaml:4:48: https://example.com/a.png",
      `      ${hint}${sound && ` ${sound}`}`,
      "      failed tasks are not billed: `storyc render` tries again, and with `retry: { moderation: 2 }` a run does so by itself",
    ]);
  },
);
