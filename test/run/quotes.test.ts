import { afterAll, beforeAll, expect, test } from "vitest";
import { startEmulatorProgram, statsOf, TestProject } from "../support/program.ts";

/** Every way in which a clip of our own is an input of another. */
const STORYBOARD = `version: 1
defaults: { resolution: 480p, ratio: "16:9", duration: 4 }
scenes:
  - { id: dawn, prompt: The sun rises over a quiet harbour. }
  - { id: climb, extend: dawn, prompt: A keeper climbs the stairs. }
  - { id: lamp, extend: climb, prompt: The lamp is lit. }
  - { id: gale, edit: lamp, prompt: Rain falls. }
  - { id: gulls, references: [dawn], prompt: Gulls circle a mast. }
  - { id: still, first_frame: dawn.last_frame, ratio: adaptive, prompt: The sea is calm. }
  - { id: flight, bridge: [dawn, gulls], prompt: The camera flies out to sea. }
film: { scenes: [flight] }
`;

interface Locked {
  readonly scenes: Record<string, { takes: { quote: { kind: string; tokens: number }; tokens: number }[] }>;
}

let emulator: Awaited<ReturnType<typeof startEmulatorProgram>>;
let project: TestProject;

beforeAll(async () => {
  emulator = await startEmulatorProgram();
  project = new TestProject(emulator.url);
  project.write(STORYBOARD);
});
afterAll(async () => {
  await emulator.close();
  project.remove();
});

test("what the service bills for chains of our own clips is what was quoted, to the token", async () => {
  const planned = await project.run("plan", "--provider", "anyfast");
  const { cost } = JSON.parse(planned.stdout) as { cost: { tokens: number; exact: boolean } };
  const rendered = await project.render();
  expect(rendered, rendered.stderr).toMatchObject({ exit: 0 });
  const { scenes } = JSON.parse(project.lockText) as Locked;
  const billed = Object.entries(scenes).map(([id, { takes }]) => [id, takes[0]?.tokens]);
  const quoted = Object.entries(scenes).map(([id, { takes }]) => [id, takes[0]?.quote.tokens]);
  expect(billed).toHaveLength(7);
  expect(quoted).toEqual(billed);
  expect(Object.values(scenes).map(({ takes }) => takes[0]?.quote.kind)).toEqual(Array(7).fill("exact"));
  const sum = billed.reduce((all, [, tokens]) => all + Number(tokens), 0);
  expect(cost).toMatchObject({ tokens: sum, exact: true });
  expect(await statsOf(emulator.url)).toMatchObject({ billed: { tasks: 7, tokens: sum } });
});
