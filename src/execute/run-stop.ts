import { setMaxListeners } from "node:events";
import type { HaltReason, ServiceError } from "../seedance/outcome.ts";

const HALTS: Record<HaltReason, string> = {
  "bad-key": "the service does not accept the key",
  "no-access": "the service denies access",
  "no-credit": "the account has no credit left",
};

/** A request that was sent gets so long to be answered after Ctrl-C: an answer lost is a clip that may be paid. */
const GRACE_MS = 1200;

/** Why nothing new is sent any more: the user's Ctrl-C, or an answer that every further request would meet too. */
export class RunStop {
  readonly #stop = new AbortController();
  readonly #giveUp = new AbortController();
  #reason: string | undefined;
  #failure: Error | undefined;
  #halted = false;

  /**
   * Only a person's interrupt gives up what is under way: a request whose answer is not waited for is a clip that
   * may be paid and is known to nobody.
   */
  constructor(interrupt: AbortSignal, wait: (ms: number) => Promise<void>) {
    // As many takes as there are listen to them, which is no leak to warn of.
    setMaxListeners(0, this.#stop.signal, this.#giveUp.signal);
    const stop = (): void => {
      this.#end("the run was interrupted");
      void wait(GRACE_MS).then(() => this.#giveUp.abort());
    };
    if (interrupt.aborted) stop();
    else interrupt.addEventListener("abort", stop, { once: true });
  }

  get reason(): string | undefined {
    return this.#reason;
  }

  get halted(): boolean {
    return this.#halted;
  }

  /** Aborts when nothing new may begin. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Aborts a little after an interrupt, and never otherwise: what is under way may end. */
  get giveUp(): AbortSignal {
    return this.#giveUp.signal;
  }

  halt(reason: HaltReason, error: ServiceError): void {
    this.#halted = true;
    this.#end(`${HALTS[reason]}${error.message ? `: ${error.message}` : ""}`);
  }

  /** What this machine could not do; the first such failure is the one to tell. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#end(error.message);
  }

  #end(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#stop.abort();
  }
}
