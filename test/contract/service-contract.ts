import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentIndexOf } from "../../src/seedance/errors.ts";
import type { CreateOutcome } from "../../src/seedance/outcome.ts";
import { againCases } from "./contract-again.ts";
import { openCases } from "./contract-open.ts";
import {
  acceptedId,
  ending,
  linkOf,
  looks,
  NEVER,
  read,
  type ContractRig,
  type Rig,
} from "./contract-steps.ts";

/**
 * What the runner relies on, whoever implements `Service`: a test for each kind of outcome. `open` is called once.
 * What only some providers can do goes into a function of its own beside the four below, run where the rig says so.
 */
export function serviceContract(
  name: string,
  open: () => Promise<ContractRig>,
  only: "all" | "good" = "all",
): void {
  describe(name, () => {
    let rig: ContractRig;
    beforeAll(async () => {
      rig = await open();
    });
    afterAll(() => rig.close());

    goodCases(() => rig);
    if (only === "good") return;
    createCases(() => rig);
    pollCases(() => rig);
    downloadCases(() => rig);
    openCases(() => rig);
    againCases(() => rig);
  });
}

function goodCases(rig: Rig): void {
  test("a request becomes a task, the task a clip, the clip bytes", async () => {
    const { service, body } = rig();
    const taskId = acceptedId(await service.create(body("A lamp."), "dawn", NEVER));
    const done = await ending(service, taskId);
    expect(done).toMatchObject({
      kind: "succeeded",
      url: expect.stringMatching(/^https?:/),
      tokens: expect.any(Number),
    });
    const { bytes, total } = await read(await service.download(linkOf(done), 0, NEVER));
    expect(bytes.length).toBeGreaterThan(0);
    expect(total ?? bytes.length).toBe(bytes.length);
  });

  test("each create is a task of its own, whatever its body", async () => {
    const { service, body } = rig();
    const one = acceptedId(await service.create(body("The same."), "one", NEVER));
    const two = acceptedId(await service.create(body("The same."), "two", NEVER));
    expect(one).not.toBe(two);
  });

  test("a download from a byte on says where its bytes belong", async () => {
    const { service, body } = rig();
    const done = await ending(service, acceptedId(await service.create(body("A lamp."), "part", NEVER)));
    const whole = await read(await service.download(linkOf(done), 0, NEVER));
    const part = await read(await service.download(linkOf(done), 5, NEVER));
    expect([0, 5]).toContain(part.from);
    expect(part.bytes.equals(whole.bytes.subarray(part.from))).toBe(true);
  });
}

function createCases(rig: Rig): void {
  const create = async (words: string): Promise<CreateOutcome> => {
    const { service, body, key } = rig();
    const outcome = await service.create(body(`A lamp. ${words}`), `scene ${words}`, NEVER);
    expect(JSON.stringify(outcome)).not.toContain(key);
    return outcome;
  };

  describe("a create", () => {
    test.each([
      ["[[refuse]]", "InputTextSensitiveContentDetected", /./],
      [
        "[[refuse InputImageSensitiveContentDetected.PrivacyInformation item 1]]",
        "InputImageSensitiveContentDetected.PrivacyInformation",
        /content\[1\]/,
      ],
      ["[[400]]", "InvalidParameter", /./],
      ["[[404 ModelNotOpen]]", "ModelNotOpen", /./],
    ])("that is refused by %s is `refused`, with the code and the words", async (words, code, message) => {
      expect(await create(words)).toMatchObject({
        kind: "refused",
        error: { code, message: expect.stringMatching(message) },
      });
    });

    test.each([
      ["[[refuse InvalidParameter item 0]]", "InvalidParameter", 0],
      ["[[refuse InputVideoSensitiveContentDetected item 2]]", "InputVideoSensitiveContentDetected", 2],
      ["[[refuse InputAudioSensitiveContentDetected.PolicyViolation item 11]]", "InputAudio", 11],
    ])("that is refused by %s says which item of `content` it is", async (words, code, item) => {
      const outcome = await create(words);
      if (outcome.kind !== "refused") throw new Error(outcome.kind);
      expect(outcome.error.code).toContain(code);
      expect(contentIndexOf(outcome.error.message)).toBe(item);
    });

    test("that is refused behind a gateway says so too, out of the text that the gateway passes on", async () => {
      const { misbehave } = rig();
      await misbehave?.(
        "{ at: create, answer: InvalidParameter, item: 3, relay: true, match: { prompt: relayed } }",
      );
      const outcome = await create("relayed");
      if (outcome.kind !== "refused") throw new Error(JSON.stringify(outcome));
      expect([outcome.error.code, contentIndexOf(outcome.error.message)]).toEqual(["InvalidParameter", 3]);
    });

    test("whose body the service would not take is `refused`", async () => {
      const { service } = rig();
      const outcome = await service.create('{"model":"seedance-2.0-mini"}', "broken", NEVER);
      expect(outcome).toMatchObject({ kind: "refused", error: { code: "MissingParameter" } });
    });

    test.each([
      ["[[401]]", "bad-key"],
      ["[[403]]", "no-access"],
      ["[[403 AccountOverdueError]]", "no-access"],
      ["[[no-credit]]", "no-credit"],
      ["[[429 SetLimitExceeded]]", "no-credit"],
    ])("that meets %s stops the run", async (words, reason) => {
      expect(await create(words)).toMatchObject({ kind: "halt", reason });
    });

    test.each(["[[429]]", "[[429 ServerOverloaded]]", "[[429 RateLimitExceeded.EndpointRPMExceeded]]"])(
      "that meets %s may be sent again, and is taken then",
      async (words) => {
        expect(await create(words)).toMatchObject({ kind: "busy", retryAfterMs: 1000 });
        expect(await create(words)).toMatchObject({ kind: "accepted" });
      },
    );

    test.each([
      ...["[[500]]", "[[500 done]]", "[[503]]", "[[html]]", "[[html 504 done]]", "[[empty]]", "[[garbage]]"],
      ...["[[reset]]", "[[lost]]", "[[cut]]", "[[stall 0.05 done]]"],
    ])("that ends in %s is `unknown`: it may have been accepted", async (words) => {
      expect(await create(words)).toMatchObject({ kind: "unknown" });
    });

    test("that is broken off while it waits for its answer is `unknown`", async () => {
      const { service, body } = rig();
      const breakOff = new AbortController();
      const sent = service.create(body("A lamp. [[stall done]]"), "stalled", breakOff.signal);
      setTimeout(() => breakOff.abort(), 100);
      expect(await sent).toMatchObject({ kind: "unknown" });
    });

    test("that reaches nobody, or is broken off before, was `not-sent`", async () => {
      const { service, body, nowhere } = rig();
      expect(await nowhere?.create(body("A lamp."), "nowhere", NEVER)).toMatchObject({ kind: "not-sent" });
      const outcome = await service.create(body("A lamp."), "late", AbortSignal.abort());
      expect(outcome).toMatchObject({ kind: "not-sent" });
    });

    test("with a wrong key stops the run, and the key is not repeated", async () => {
      const { stranger, body } = rig();
      expect(await stranger?.create(body("A lamp."), "stranger", NEVER)).toMatchObject({
        kind: "halt",
        reason: "bad-key",
      });
    });
  });
}

function pollCases(rig: Rig): void {
  const task = async (words: string): Promise<string> => {
    const { service, body } = rig();
    return acceptedId(await service.create(body(`A lamp. ${words}`), "scene", NEVER));
  };

  describe("a look at a task", () => {
    test.each(["[[hang]]", "[[queued 60]]", "[[data-null x*]]"])(
      "that is not done (%s) is `pending`",
      async (words) => {
        const { service } = rig();
        const id = await task(words);
        for (let look = 0; look < 5; look++)
          expect(await service.poll(id, NEVER)).toMatchObject({ kind: "pending" });
      },
    );

    test.each([
      ["[[fail]]", "OutputVideoSensitiveContentDetected"],
      ["[[fail OutputAudioSensitiveContentDetected]]", "OutputAudioSensitiveContentDetected"],
      ["[[fail InternalServiceError]]", "InternalServiceError"],
    ])("that failed by %s is `failed`, with the reason", async (words, code) => {
      const done = await ending(rig().service, await task(words));
      if (done.kind !== "failed") throw new Error(`ended as ${done.kind}`);
      // Not every gateway passes the code on, but each has the words.
      expect(`${done.error.code} ${done.error.message}`).toMatch(new RegExp(`${code}|sensitive|internal`));
      expect([code, ""]).toContain(done.error.code);
    });

    test("that expired is `failed`, where it is told", async () => {
      const { service, showsExpired } = rig();
      const id = await task("[[expire]]");
      if (showsExpired) expect(await ending(service, id)).toMatchObject({ kind: "failed" });
      else for (let look = 0; look < 5; look++) expect((await service.poll(id, NEVER)).kind).toBe("pending");
    });

    test("that is done but has no link yet goes on", async () => {
      const { service } = rig();
      const seen = await looks(service, await task("[[no-link x3]]"));
      expect(seen.at(-1)).toBe("succeeded");
      expect(seen.filter((kind) => kind === "pending").length).toBeGreaterThanOrEqual(3);
    });

    test.each([
      "[[poll 500 ended x2]]",
      "[[poll html x2]]",
      "[[poll reset x2]]",
      "[[poll garbage x2]]",
      "[[poll 429 x2]]",
    ])("that fails by %s says nothing about the task", async (words) => {
      const seen = await looks(rig().service, await task(words));
      expect(seen.at(-1)).toBe("succeeded");
      expect(seen.filter((kind) => kind === "unreadable")).toHaveLength(2);
    });

    test("that is not known is `missing`", async () => {
      expect(await rig().service.poll("cgt-20260101000000-abcde", NEVER)).toMatchObject({ kind: "missing" });
    });

    test("with a wrong key stops the run", async () => {
      const { stranger } = rig();
      expect(await stranger?.poll("cgt-20260101000000-abcde", NEVER)).toMatchObject({
        kind: "halt",
        reason: "bad-key",
      });
    });
  });
}

function downloadCases(rig: Rig): void {
  const link = async (words: string): Promise<string> => {
    const { service, body } = rig();
    const id = acceptedId(await service.create(body(`A lamp. ${words}`), "scene", NEVER));
    return linkOf(await ending(service, id));
  };

  describe("a download", () => {
    test("that stops in its middle rejects while it is read, and can be taken up there", async () => {
      const { service } = rig();
      const url = await link("[[truncate]]");
      await expect(read(await service.download(url, 0, NEVER))).rejects.toThrow();
      const whole = await read(await service.download(url, 0, NEVER));
      const rest = await read(await service.download(url, 100, NEVER));
      expect([rest.from, rest.bytes.equals(whole.bytes.subarray(100))]).toEqual([100, true]);
    });

    test("of other bytes than those that are here begins at the start", async () => {
      const { service } = rig();
      const url = await link("");
      const whole = await service.download(url, 0, NEVER);
      if (whole.kind !== "open") throw new Error("not open");
      const from = async (version?: string) =>
        (await read(await service.download(url, 100, NEVER, version))).from;
      expect([await from(whole.version), await from('"other"')]).toEqual([100, 0]);
      await read(whole);
    });

    test("from a server that knows no ranges begins at the start, and says so", async () => {
      const part = await read(await rig().service.download(await link("[[no-range]]"), 100, NEVER));
      expect(part.from).toBe(0);
    });

    test("from a link that is dead is `gone`, and a later look has one that works", async () => {
      const { service, body } = rig();
      const id = acceptedId(await service.create(body("A lamp."), "scene", NEVER));
      const url = linkOf(await ending(service, id));
      const forged = url.replace(/Signature=\w+/, "Signature=0");
      expect(await service.download(forged, 0, NEVER)).toMatchObject({ kind: "gone" });
      expect(await service.download(linkOf(await ending(service, id)), 0, NEVER)).toMatchObject({
        kind: "open",
      });
    });

    test("that fails otherwise is `unreadable`, and no message has the signature", async () => {
      const outcome = await rig().service.download(await link("[[download 500]]"), 0, NEVER);
      expect(outcome.kind).toBe("unreadable");
      expect(JSON.stringify(outcome)).not.toContain("Signature");
    });
  });
}
