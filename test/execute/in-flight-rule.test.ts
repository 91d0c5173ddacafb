import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  afterAcceptance,
  afterRefusal,
  nextPlaceAt,
  openFlow,
  placesAt,
  type Flow,
} from "../../src/execute/in-flight-rule.ts";

const T = Date.UTC(2026, 0, 1);
const refuse = (flow: Flow, begun: number, now: number, retryAfterMs?: number): Flow =>
  afterRefusal(flow, { begun, now, chance: 0, ...(retryAfterMs !== undefined && { retryAfterMs }) });
/** The places after so many seconds, of which the pause counts none. */
const places = (flow: Flow, seconds: number): number => placesAt(flow, T + seconds * 1000);

describe("places", () => {
  test("are as many as were asked for, as long as the service takes them", () => {
    expect([places(openFlow(3), 0), nextPlaceAt(openFlow(3), T)]).toEqual([3, Infinity]);
  });

  test("are halved by a refusal, none in the pause, and come back one a minute, up to the ceiling", () => {
    const flow = refuse(openFlow(8), T, T, 5000);
    expect([0, 4, 5, 59, 60, 120, 180, 240, 3600].map((at) => places(flow, at))).toEqual([
      0, 0, 4, 4, 5, 6, 7, 8, 8,
    ]);
  });

  test("are never fewer than one after the pause", () => {
    let flow = openFlow(2);
    for (let i = 0; i < 9; i++) flow = refuse(flow, T + i * 1000, T + i * 1000, 0);
    expect(places(flow, 10)).toBe(1);
  });

  test("requests that were under way together lower it once", () => {
    let flow = openFlow(8);
    for (const at of [10, 20, 30]) flow = refuse(flow, T, T + at, 1000);
    expect(places(flow, 2)).toBe(4);
    flow = refuse(flow, T + 2000, T + 2100, 1000);
    expect(places(flow, 4)).toBe(2);
  });

  test("the next one is known to come, so that who waits can sleep until then", () => {
    const flow = refuse(openFlow(4), T, T, 5000);
    expect(nextPlaceAt(flow, T + 1000)).toBe(T + 5000);
    expect(nextPlaceAt(flow, T + 5000)).toBe(T + 60_000);
    expect(nextPlaceAt(flow, T + 60_000)).toBe(T + 120_000);
    expect(nextPlaceAt(flow, T + 120_000)).toBe(Infinity);
  });

  test("chance: whatever happens, there are from none to the ceiling, and after a while all of them", () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 90_000 }), refused: fc.boolean() });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(step), (ceiling, steps) => {
        let flow = openFlow(ceiling);
        let now = T;
        for (const { wait, refused } of steps) {
          now += wait;
          flow = refused ? refuse(flow, now - 100, now) : afterAcceptance(flow);
          expect(placesAt(flow, now)).toBeLessThanOrEqual(ceiling);
          expect(placesAt(flow, Math.max(now, flow.pausedUntil))).toBeGreaterThanOrEqual(1);
          expect(nextPlaceAt(flow, now)).toBeGreaterThan(now);
        }
        expect(placesAt(flow, now + 3_600_000)).toBe(ceiling);
      }),
    );
  });
});

describe("the pause", () => {
  const pause = (flow: Flow, now: number): number => flow.pausedUntil - now;

  test("is what the service asks for, else longer after each refusal, up to a minute", () => {
    expect(pause(refuse(openFlow(3), T, T, 7000), T)).toBe(7000);
    let flow = openFlow(3);
    const pauses = [];
    for (let now = T; pauses.length < 8; now += 120_000) {
      flow = refuse(flow, now, now);
      pauses.push(pause(flow, now) / 1000);
    }
    expect(pauses).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
  });

  test("begins small again after a request that was accepted", () => {
    const flow = refuse(refuse(openFlow(3), T, T), T + 10_000, T + 10_000);
    const later = refuse(afterAcceptance(flow), T + 90_000, T + 90_000);
    expect(pause(later, T + 90_000)).toBe(2000);
  });

  test("is made longer by chance by a quarter at most, and shorter never", () => {
    const flow = afterRefusal(openFlow(3), { begun: T, now: T, chance: 1, retryAfterMs: 8000 });
    expect(pause(flow, T)).toBe(10_000);
  });

  test("a shorter wish does not end a longer one", () => {
    expect(pause(refuse(refuse(openFlow(8), T, T, 9000), T, T + 1, 10), T)).toBe(9000);
  });
});
