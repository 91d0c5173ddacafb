import { expect, test } from "vitest";
import { ProviderLinks } from "../../src/execute/provider-links.ts";
import { inTurn, openBytes, serviceError } from "../support/fake-service.ts";
import { openRig, type Rig } from "../support/rig.ts";
import { doneTake } from "../support/takes.ts";

const HOUR = 3600_000;

function open(age = 0): { rig: Rig; links: ProviderLinks; linkOf: (more?: object) => Promise<string> } {
  const rig = openRig();
  const { service, clock, budget } = rig;
  const links = new ProviderLinks({ service, provider: "anyfast", clock, budget, signal: rig.stop.giveUp });
  const take = {
    ...doneTake(1),
    provider: "anyfast",
    task: "t1",
    at: new Date(clock.now() - age).toISOString(),
  };
  const linkOf = async (more = {}): Promise<string> => {
    const handed = await clock.until(links.linkOf({ ...take, ...more }));
    return handed.kind === "url" ? handed.url : handed.why;
  };
  return { rig, links, linkOf };
}

const signed = (at: number, seconds: number): string =>
  `https://files/t1?X-Tos-Date=${new Date(at).toISOString().replace(/[-:]|\.\d+/g, "")}&X-Tos-Expires=${seconds}`;

test("a clip's link is asked for anew, and once for several uses of it", async () => {
  const { rig, linkOf } = open();
  expect(await Promise.all([linkOf(), linkOf()])).toEqual(["https://files/t1", "https://files/t1"]);
  expect(rig.service.polls).toEqual(["t1"]);
});

test("in a run that lasts it is asked for again", async () => {
  const { rig, linkOf } = open();
  await linkOf();
  await rig.clock.advance(11 * 60_000);
  await linkOf();
  expect(rig.service.polls).toEqual(["t1", "t1"]);
});

test("what another provider has made, or no task is known of, has no link here", async () => {
  const { rig, linkOf } = open();
  expect(await linkOf({ provider: "ark" })).toBe("anyfast has no link to it, since it was made at ark");
  expect(await linkOf({ task: undefined })).toMatch(/has no link/);
  expect(rig.service.polls).toEqual([]);
});

test("a look that fails is made again, and is not the end of the run", async () => {
  const { rig, linkOf } = open();
  rig.service.onPoll = inTurn(
    { kind: "unreadable" as const, error: serviceError("", "HTTP 502") },
    { kind: "succeeded" as const, url: "https://files/new" },
  );
  expect(await linkOf()).toBe("https://files/new");
  rig.service.onPoll = () => ({ kind: "unreadable", error: serviceError("", "HTTP 502") });
  expect(await linkOf({ task: "t2" })).toBe("anyfast gives no link to it (HTTP 502)");
  expect(rig.service.polls).toHaveLength(2 + 3);
  expect(rig.stop.reason).toBeUndefined();
});

test("a task that the service has forgotten is asked for once", async () => {
  const { rig, linkOf } = open();
  rig.service.onPoll = () => ({ kind: "missing", error: serviceError("task_not_exist", "no such task") });
  expect(await linkOf()).toBe("anyfast gives no link to it (no such task)");
  expect(rig.service.polls).toEqual(["t1"]);
});

test("a link that says when it expires is believed, however old its clip is", async () => {
  const { rig, linkOf } = open(30 * HOUR);
  const now = rig.clock.now();
  rig.service.onPoll = (task) => ({
    kind: "succeeded",
    url: signed(now - (task === "old" ? 24 : 1) * HOUR, 24 * 3600),
  });
  expect(await linkOf()).toMatch(/^https:/);
  expect(await linkOf({ task: "old" })).toBe("its link at anyfast has expired");
  expect(rig.service.downloads).toEqual([]);
});

test("a link that is about to expire is not given: the service fetches it later", async () => {
  const { rig, linkOf } = open();
  rig.service.onPoll = () => ({ kind: "succeeded", url: signed(rig.clock.now(), 600) });
  expect(await linkOf()).toMatch(/has expired/);
});

test("of an old clip, a link that says nothing is tried by its first bytes", async () => {
  const { rig, linkOf } = open(30 * HOUR);
  expect(await linkOf()).toBe("https://files/t1");
  rig.service.onDownload = () => ({ kind: "gone", error: serviceError("", "HTTP 403") });
  expect(await linkOf({ task: "t2" })).toBe("its link at anyfast has expired");
  rig.service.onDownload = () => openBytes(Buffer.from("clip"), 0, 0);
  expect(await linkOf({ task: "t3" })).toBe("https://files/t3");
  expect(rig.service.downloads).toHaveLength(3);
});

test("of a clip of today, a link that says nothing is believed", async () => {
  const { rig, linkOf } = open(20 * HOUR);
  expect(await linkOf()).toBe("https://files/t1");
  expect(rig.service.downloads).toEqual([]);
});
