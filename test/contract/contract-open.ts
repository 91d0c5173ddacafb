import { expect, test } from "vitest";
import type { Service } from "../../src/execute/service.ts";
import { acceptedId, ending, NEVER, type Rig } from "./contract-steps.ts";

/** Of a provider that shows its tasks; one that does not has neither of the two. */
export function openCases(rig: Rig): void {
  const queued = async (words = "[[queued 60]]"): Promise<string> => {
    const { service, body } = rig();
    return acceptedId(await service.create(body(`A lamp. ${words}`), "scene", new AbortController().signal));
  };

  test("a provider that lists its tasks can cancel them as well, and the other way round", () => {
    const { service } = rig();
    expect(service.list === undefined).toBe(service.cancel === undefined);
  });

  test("the list holds a task whose answer was lost, with when it was created and what it was asked to be", async () => {
    const { service, body, stranger } = rig();
    if (!service.list) return;
    const before = await ids(service);
    expect(await service.create(body("A lamp. [[lost]]"), "lost", NEVER)).toMatchObject({ kind: "unknown" });
    const listed = await service.list(Date.now() - 60_000, NEVER);
    if (listed.kind !== "listed") throw new Error(listed.kind);
    const fresh = listed.tasks.filter(({ id }) => !before.includes(id));
    expect(fresh).toEqual([
      expect.objectContaining({ resolution: "480p", duration: 4, createdAt: expect.any(Number) }),
    ]);
    expect(Math.abs((fresh[0]?.createdAt ?? 0) - (listed.now ?? 0))).toBeLessThan(10_000);
    expect(listed.isWhole).toBe(true);
    expect(await stranger?.list?.(0, NEVER)).toMatchObject({ kind: "halt", reason: "bad-key" });
  });

  test("a task that waits is cancelled, and ends as failed", async () => {
    const { service } = rig();
    if (!service.cancel) return;
    const id = await queued();
    expect(await service.cancel(id, NEVER)).toEqual({ kind: "cancelled" });
    expect(await ending(service, id)).toMatchObject({ kind: "failed" });
    expect(await service.cancel(id, NEVER)).toMatchObject({ kind: "too-late" });
  });

  test("a task that has ended is left alone, and its clip can be fetched as before", async () => {
    const { service } = rig();
    if (!service.cancel) return;
    const id = await queued("");
    await ending(service, id);
    expect(await service.cancel(id, NEVER)).toEqual({ kind: "too-late", state: "succeeded" });
    expect(await service.poll(id, NEVER)).toMatchObject({ kind: "succeeded" });
  });

  test("one that is not known is `missing`", async () => {
    const { service } = rig();
    if (!service.cancel) return;
    expect(await service.cancel("cgt-20260101000000-abcde", NEVER)).toMatchObject({ kind: "missing" });
  });

  test("a task that is being made can no longer be cancelled", async () => {
    const { service } = rig();
    if (!service.cancel) return;
    const id = await queued("[[hang]]");
    expect(await service.cancel(id, NEVER)).toEqual({ kind: "too-late", state: "running" });
    expect(await service.poll(id, NEVER)).toMatchObject({ kind: "pending" });
  });

  test("more tasks than a page holds are all found, each once", async () => {
    const { service } = rig();
    if (!service.list) return;
    const made = await Promise.all(Array.from({ length: 120 }, () => queued()));
    const found = await ids(service);
    expect(found.filter((id) => made.includes(id)).sort()).toEqual(made.sort());
  });

  test.each([
    ["answer: 429", "unreadable"],
    ["answer: 500", "unreadable"],
    ["answer: html", "unreadable"],
    ["answer: reset", "unreadable"],
    ["answer: cut", "unreadable"],
    ["answer: AccessDenied", "halt"],
  ])("a list that fails by %s says nothing about any task", async (fault, kind) => {
    const { service, misbehave } = rig();
    if (!service.list) return;
    await misbehave?.(`{ at: list, ${fault}, times: 1 }`);
    expect(await service.list(0, NEVER)).toMatchObject({ kind });
    expect(await service.list(0, NEVER)).toMatchObject({ kind: "listed" });
  });

  test.each(["answer: 429", "answer: 500", "answer: html", "answer: reset"])(
    "a withdrawal that fails by %s leaves it open whether the task was cancelled",
    async (fault) => {
      const { service, misbehave } = rig();
      if (!service.cancel) return;
      const id = await queued();
      await misbehave?.(`{ at: cancel, ${fault}, times: 1 }`);
      expect(await service.cancel(id, NEVER)).toMatchObject({ kind: "unreadable" });
    },
  );

  test("with a wrong key nothing is cancelled", async () => {
    const { service, stranger } = rig();
    if (!service.cancel) return;
    const id = await queued();
    expect(await stranger?.cancel?.(id, NEVER)).toMatchObject({ kind: "halt", reason: "bad-key" });
    expect(await service.poll(id, NEVER)).toMatchObject({ kind: "pending" });
  });
}

async function ids(service: Service): Promise<string[]> {
  const listed = await service.list?.(0, NEVER);
  return listed?.kind === "listed" ? listed.tasks.map(({ id }) => id) : [];
}
