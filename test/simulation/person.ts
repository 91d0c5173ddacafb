import type { Amendment } from "../../src/driver/amend.ts";
import { adoptTask, keepTake, pickTake } from "../../src/driver/amendments.ts";
import type { Asked } from "../../src/driver/asking.ts";
import type { Chance } from "./chance.ts";
import type { DiskState } from "./disk-state.ts";
import type { Draft } from "./film.ts";
import type { Witness } from "./witness.ts";

/** What a person decides about one scene, by a command of its own. */
export interface Decision {
  readonly scene: string;
  readonly amendment: Amendment;
  readonly name: string;
}

/** One who looks at what there is, and wants something else, or helps where the program cannot know. */
export class Person {
  readonly #chance: Chance;
  readonly #witness: Witness;

  constructor(chance: Chance, witness: Witness) {
    this.#chance = chance;
    this.#witness = witness;
  }

  /** What is asked of one run beyond the storyboard. */
  anyWish(draft: Draft): Asked {
    const scene = (): string[] => [this.#chance.one(draft).id];
    switch (this.#chance.weighted({ nothing: 7, retake: 2, resubmit: 1, only: 1 })) {
      case "nothing":
        return {};
      case "retake":
        return { retake: scene() };
      case "resubmit":
        return { resubmit: scene() };
      case "only":
        return { only: scene() };
    }
  }

  anyDecision(draft: Draft): Decision {
    const scene = this.#chance.one(draft).id;
    const kind = this.#chance.weighted({ pick: 1, keep: 1, adopt: 2 });
    const lost = kind === "adopt" ? this.findLost()[0] : undefined;
    if (lost) return lost;
    if (kind === "keep") return { scene, amendment: keepTake, name: `keep ${scene}` };
    const take = this.#chance.between(1, 3);
    return { scene, amendment: pickTake(take), name: `pick ${scene} ${take}` };
  }

  /** The tasks of lost requests, as they stand in the provider's console. */
  findLost(): Decision[] {
    return unknownTakes(this.#witness.state()).flatMap(({ scene, take }) => {
      const task = this.#witness.taskOf(`${scene}#${take}`)?.id;
      if (task === undefined) return [];
      return [{ scene, amendment: adoptTask({ task, take }), name: `adopt ${scene} ${task} (take ${take})` }];
    });
  }

  /** The lost requests that are in no console: they may be sent again. */
  findNeverMade(): { readonly scene: string; readonly take: number }[] {
    return unknownTakes(this.#witness.state()).filter(
      ({ scene, take }) => !this.#witness.taskOf(`${scene}#${take}`),
    );
  }
}

function unknownTakes({ lock }: DiskState): { scene: string; take: number }[] {
  return [...lock.scenes].flatMap(([scene, { takes }]) =>
    takes.filter(({ state }) => state === "unknown").map(({ take }) => ({ scene, take })),
  );
}
