import type { amendChecked, Amended } from "../../src/driver/amend.ts";
import type { RenderResult, renderOn } from "../../src/driver/render.ts";
import type { RenderOptions } from "../../src/driver/rendering.ts";
import { PROJECT } from "../support/memory-machine.ts";
import { checkedDraft, type Draft } from "./film.ts";
import type { Decision } from "./person.ts";
import type { SimulatedProcess } from "./process.ts";
import type { RunTerms, Witness } from "./witness.ts";

/** What is simulated: the program's own code, or a copy of it in which something is wrong. */
export interface Program {
  readonly renderOn: typeof renderOn;
  readonly amendChecked: typeof amendChecked;
}

type Ended = { readonly result: RenderResult | Amended } | { readonly error: Error };
type Ran = Extract<RenderResult, { kind: "ran" }>;

const ENVIRONMENT = {
  environment: { ANYFAST_API_KEY: "x", XDG_CONFIG_HOME: "/config" },
  cwd: PROJECT.folder,
};
/** A first Ctrl-C ends a run within so long. */
const MOST_TO_STOP_MS = 2000;

/** `storyc render` or another command, as a person has given it, from its start to its end or its death. */
export class SimulatedRun {
  readonly terms: RunTerms;
  readonly process: SimulatedProcess;
  readonly draft: Draft;
  #interruptedAt: number | undefined;
  #ended: Ended | undefined;

  constructor(terms: RunTerms, process: SimulatedProcess, draft: Draft) {
    this.terms = terms;
    this.process = process;
    this.draft = draft;
  }

  render(program: Program, options: RenderOptions, atEnd: () => void): void {
    const check = (): ReturnType<Parameters<typeof renderOn>[1]> => Promise.resolve(checkedDraft(this.draft));
    const { maxUsd } = this.terms;
    const whole: RenderOptions = {
      ...ENVIRONMENT,
      yes: true,
      signal: this.process.interrupt.signal,
      ...(maxUsd !== undefined && { maxCost: maxUsd }),
      ...options,
    };
    this.#watch(program.renderOn(this.process.machine, check, whole), atEnd);
  }

  amend(program: Program, { scene, amendment }: Decision, atEnd: () => void): void {
    const checked = checkedDraft(this.draft);
    this.#watch(program.amendChecked(checked, ENVIRONMENT, scene, amendment, this.process.machine), atEnd);
  }

  #watch(work: Promise<RenderResult | Amended>, atEnd: () => void): void {
    const end = (ended: Ended): void => {
      if (!this.process.isAlive) return;
      this.#ended = ended;
      this.process.exit();
      atEnd();
    };
    work.then(
      (result) => end({ result }),
      (error: unknown) => end({ error: error as Error }),
    );
  }

  interrupt(now: number): void {
    this.#interruptedAt = now;
    this.process.interruptNow();
  }

  get outline(): string {
    if (!this.#ended) return "killed";
    if ("error" in this.#ended) return this.#ended.error.message;
    const { result } = this.#ended;
    if (result.kind === "amended") return result.said;
    if (result.kind === "wrong-call") return result.message;
    if (result.kind !== "ran") return result.kind;
    const scenes = [...this.results].map(([id, { kind }]) => `${id} ${kind}`).join(", ");
    return [scenes, result.interrupted ? "interrupted" : "", result.stopped ?? ""].filter(Boolean).join("; ");
  }

  /** How each scene ended; empty when nothing was run. */
  get results(): ReadonlyMap<string, { readonly kind: string; readonly message?: string }> {
    return this.#ran?.films[0]?.scenes ?? new Map();
  }

  get #ran(): Ran | undefined {
    return this.#ended && "result" in this.#ended && this.#ended.result.kind === "ran"
      ? this.#ended.result
      : undefined;
  }

  /** What is wrong with the way it ended, whatever has befallen it. */
  problem(witness: Witness, now: number, isCalm: boolean): string | undefined {
    if (!this.#ended) return undefined;
    const { hadTrouble, hasSlept } = this.process;
    if ("error" in this.#ended) {
      const { error } = this.#ended;
      if (!hadTrouble) return `throws: ${error.stack ?? ""}`;
      if (!/ENOSPC|EIO|EACCES/.test(error.message)) return `does not say what is wrong: ${error.message}`;
    }
    const kind = "result" in this.#ended ? this.#ended.result.kind : undefined;
    if (kind === "invalid" && !hadTrouble) return "finds a mistake in the storyboard or its lockfile";
    const stopped = this.#ran?.stopped;
    if (isCalm && ((kind !== "ran" && kind !== "amended") || stopped !== undefined))
      return `is kept from running: ${this.outline}`;
    const told = JSON.stringify([this.outline, ...this.results.values()]);
    const untold = witness.unwritten(this.terms).find((task) => !told.includes(task));
    if (untold !== undefined) return `does not tell of task ${untold}, which it could not write down`;
    const took = now - (this.#interruptedAt ?? now);
    return took > MOST_TO_STOP_MS && !hasSlept ? `takes ${took} ms to stop` : undefined;
  }
}
