import { beforeEach, describe, expect, test } from "vitest";
import { adoptLost } from "../../src/execute/lost-takes.ts";
import { sendTake } from "../../src/execute/take-runner.ts";
import type { ListedTask, ListOutcome } from "../../src/seedance/listing.ts";
import type { CreateOutcome } from "../../src/seedance/outcome.ts";
import { inTurn, serviceError } from "../support/fake-service.ts";
import { hold, settle } from "../support/held.ts";
import { openRig, type Rig } from "../support/rig.ts";
import { takeToSend } from "../support/scenes.ts";

const LOST: CreateOutcome = { kind: "unknown", error: serviceError("", "reset after sending") };
const { signal } = new AbortController();

let rig: Rig;
let asked: number[];
let tasks: ListedTask[];

/** The provider has a list, whose clock is so many seconds ahead. */
function openList(ahead = 0, more: Partial<ListOutcome> = {}): void {
  rig.service.list = (since) => {
    asked.push(since);
    const now = rig.clock.now() + ahead * 1000;
    return Promise.resolve({ kind: "listed", tasks, isWhole: true, now, ...more } as ListOutcome);
  };
}

const listed = (id: string, seconds = 0): ListedTask => ({ id, createdAt: rig.clock.now() + seconds * 1000 });
const takes = (scene = "dawn") =>
  rig
    .nextLock()
    .scenes.get(scene)
    ?.takes.map(({ state, task }) => [state, task]);

beforeEach(() => {
  rig = openRig();
  asked = [];
  tasks = [];
});

describe("right after an answer was lost", () => {
  test("the task is found in the list, watched and brought home, and nothing is sent again", async () => {
    openList();
    rig.service.onCreate = () => (tasks.push(listed("cgt-7")), LOST);
    expect(await rig.clock.until(sendTake(rig, takeToSend("dawn")))).toMatchObject({ kind: "done", take: 1 });
    expect([takes(), rig.service.creates.length]).toEqual([[["done", "cgt-7"]], 1]);
    expect(rig.events).toContainEqual({ type: "take-found", scene: "dawn", take: 1, task: "cgt-7" });
  });

  test("it is looked for three times, since a gateway may hand it on late", async () => {
    const begun = rig.clock.now();
    const late = listed("late", 20);
    rig.service.onCreate = () => LOST;
    rig.service.list = () => {
      asked.push((rig.clock.now() - begun) / 1000);
      return Promise.resolve({ kind: "listed", tasks: asked.length < 3 ? [] : [late], isWhole: true });
    };
    expect(await rig.clock.until(sendTake(rig, takeToSend("dawn")))).toMatchObject({ kind: "done" });
    expect([asked, takes()]).toEqual([[2, 12, 42], [["done", "late"]]]);
  });

  test("where it does not turn up, the outcome stays unknown", async () => {
    openList();
    rig.service.onCreate = () => LOST;
    expect(await rig.clock.until(sendTake(rig, takeToSend("dawn")))).toMatchObject({ kind: "unknown" });
    expect([asked.length, takes()]).toEqual([3, [["unknown", undefined]]]);
  });

  test("an interrupt ends the search", async () => {
    openList();
    rig.service.onCreate = () => (rig.interrupt.abort(), LOST);
    expect(await rig.clock.until(sendTake(rig, takeToSend("dawn")))).toMatchObject({ kind: "unknown" });
    expect(asked).toEqual([]);
  });

  test("a request that is on its way may be the task in the list: it is not taken from it", async () => {
    openList();
    const answer = hold<CreateOutcome>();
    rig.service.onCreate = (_body, label) =>
      label === "dawn" ? LOST : (tasks.push(listed("of-climb")), answer.promise);
    const both = Promise.all([sendTake(rig, takeToSend("climb")), sendTake(rig, takeToSend("dawn"))]);
    await rig.clock.advance(60_000);
    answer.release({ kind: "accepted", taskId: "of-climb" });
    expect(await rig.clock.until(both)).toMatchObject([{ kind: "done" }, { kind: "unknown" }]);
    expect([takes("climb"), takes()]).toEqual([[["done", "of-climb"]], [["unknown", undefined]]]);
    expect(rig.events).toContainEqual({ type: "take-in-doubt", scene: "dawn", take: 1, tasks: ["of-climb"] });
  });
});

describe("what an earlier run has lost", () => {
  const lose = async (...scenes: string[]): Promise<void> => {
    rig.service.onCreate = () => LOST;
    await rig.clock.until(Promise.all(scenes.map((scene) => sendTake(rig, takeToSend(scene)))));
  };

  test("is adopted when exactly one task fits, by the provider's clock", async () => {
    for (const ahead of [0, -7200, 7200]) {
      rig = openRig();
      tasks = [listed("cgt-7", ahead)];
      await lose("dawn");
      openList(ahead);
      await adoptLost(rig, signal);
      expect(takes(), `${ahead} s ahead`).toEqual([["submitted", "cgt-7"]]);
    }
  });

  test("a clock that is far off is noticed, and the list read again from where it has to be", async () => {
    const begun = rig.clock.now();
    tasks = [listed("cgt-7", -7200)];
    await lose("dawn");
    openList(-7200);
    await adoptLost(rig, signal);
    expect(asked.map((since) => Math.round((since - begun) / 1000))).toEqual([-600, -7202]);
  });

  test("stays unknown where two tasks fit, or two requests one task", async () => {
    tasks = [listed("a"), listed("b")];
    await lose("dawn");
    openList();
    expect(await adoptLost(rig, signal)).toEqual([{ kind: "several", tasks: ["a", "b"] }]);
    rig = openRig();
    tasks = [listed("a")];
    await lose("dawn", "climb");
    openList();
    await adoptLost(rig, signal);
    expect([takes(), takes("climb")]).toEqual([[["unknown", undefined]], [["unknown", undefined]]]);
  });

  test("one that was given up counts as a request that the task may be of", async () => {
    tasks = [listed("a")];
    await lose("dawn", "climb");
    rig.ledger.observe("climb", 1, { kind: "abandoned" });
    openList();
    await adoptLost(rig, signal);
    expect(takes()).toEqual([["unknown", undefined]]);
  });

  test.each<[string, Partial<ListOutcome>]>([
    ["a list that lacks a part", { isWhole: false }],
    ["a list that cannot be read", { kind: "unreadable", error: serviceError("") }],
    ["a key that is not accepted", { kind: "halt", reason: "bad-key", error: serviceError("") }],
  ])("nothing is concluded from %s", async (_, outcome) => {
    tasks = [listed("a")];
    await lose("dawn");
    openList(0, outcome);
    expect(await adoptLost(rig, signal)).toEqual([]);
    expect(takes()).toEqual([["unknown", undefined]]);
  });

  test("nobody is asked where nothing is lost, or was lost at another provider", async () => {
    await lose("dawn");
    openList();
    await adoptLost({ ...rig, provider: "ark" }, signal);
    await adoptLost(openRig(), signal);
    expect(asked).toEqual([]);
  });

  test("a task that another scene has is not taken twice", async () => {
    rig.service.onCreate = inTurn<CreateOutcome>({ kind: "accepted", taskId: "a" }, LOST);
    tasks = [listed("a")];
    rig.service.onPoll = () => ({ kind: "pending" });
    void sendTake(rig, takeToSend("climb"));
    await settle();
    await rig.clock.until(sendTake(rig, takeToSend("dawn")));
    openList();
    expect(await adoptLost(rig, signal)).toEqual([{ kind: "none" }]);
  });
});
