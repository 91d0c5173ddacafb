/** A promise that a test holds open and releases: nothing ever has to sleep. */
export interface Held<T> {
  readonly promise: Promise<T>;
  release(value: T): void;
}

export function hold<T>(): Held<T> {
  let release: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (release = resolve));
  return { promise, release };
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settle(rounds = 20): Promise<void> {
  for (let round = 0; round < rounds; round++) await new Promise((resolve) => setImmediate(resolve));
}
