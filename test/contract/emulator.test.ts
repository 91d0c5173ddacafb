import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHAPES, type AnswerShape } from "../../src/emulator/shapes/shapes.ts";
import { startWith } from "../../src/emulator/start.ts";
import { connectService } from "../../src/service/client.ts";
import { ROUTES } from "../../src/service/routes.ts";
import { CopyingRenderer } from "../support/copying-service.ts";
import { closedPort } from "../service/raw-server.ts";
import type { ContractRig } from "./contract-steps.ts";
import { serviceContract } from "./service-contract.ts";

const KEY = "sk-contract-0123456789";

/** The service's own client against the emulator, over real HTTP. */
async function open(provider: keyof typeof ROUTES, shape: AnswerShape): Promise<ContractRig> {
  const folder = mkdtempSync(join(tmpdir(), "storyc-contract-"));
  let shift = 0;
  const stead = { now: () => Date.now() + shift };
  const emulator = await startWith({ port: 0, folder, shape, key: KEY }, new CopyingRenderer(), 4, stead);
  const connect = (baseUrl: string, apiKey: string) =>
    connectService({ baseUrl, apiKey, routes: ROUTES[provider], env: {} });
  const service = connect(emulator.url, KEY);
  const nowhere = connect(`http://127.0.0.1:${await closedPort()}`, KEY);
  const stranger = connect(emulator.url, "sk-wrong");
  return {
    ...{ service, nowhere, stranger, key: KEY },
    body: (prompt) =>
      JSON.stringify({
        model: "seedance-2.0-mini",
        content: [{ type: "text", text: prompt }],
        resolution: "480p",
        duration: 4,
      }),
    showsExpired: shape !== "new-api",
    misbehave: async (...rows) => {
      const faults = `faults:\n${rows.map((row) => `  - ${row}\n`).join("")}`;
      const answer = await fetch(`${emulator.url}/__faults`, { method: "PUT", body: faults });
      if (!answer.ok) throw new Error(await answer.text());
    },
    later: (seconds) => {
      shift += seconds * 1000;
    },
    close: async () => {
      await Promise.all([service.close(), nowhere.close(), stranger.close(), emulator.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

for (const shape of Object.keys(SHAPES) as AnswerShape[])
  serviceContract(`anyfast, answered in the shape ${shape}`, () => open("anyfast", shape));
serviceContract("ark", () => open("ark", "ark"));
