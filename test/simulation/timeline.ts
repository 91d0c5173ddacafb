import type { Chance } from "./chance.ts";

interface Event {
  readonly at: number;
  readonly order: number;
  fire(): void;
}

/** What will happen and when: the only source of progress in a simulation. Milliseconds since 1970. */
export class Timeline {
  #now = Date.UTC(2026, 0, 1);
  #order = 0;
  readonly #chance: Chance;
  /** A heap: the earliest is the first. */
  readonly #events: Event[] = [];

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  get now(): number {
    return this.#now;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  /** What falls on the same moment happens in any order. */
  in(ms: number, fire: () => void): void {
    const order = this.#chance.fraction() + this.#order++ * 1e-12;
    this.#push({ at: this.#now + Math.max(0, ms), order, fire });
  }

  /** Moves on to the next event. */
  step(): void {
    const next = this.#pop();
    if (!next) return;
    this.#now = Math.max(this.#now, next.at);
    next.fire();
  }

  /** Nobody is at work; time goes by. */
  pass(ms: number): void {
    this.#now += ms;
  }

  #push(event: Event): void {
    const heap = this.#events;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, heap[parent] as Event)) break;
      heap[at] = heap[parent] as Event;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#events;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Event, heap[child] as Event)) child++;
      if (!isBefore(heap[child] as Event, last)) break;
      heap[at] = heap[child] as Event;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
