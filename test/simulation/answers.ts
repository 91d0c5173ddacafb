import type { Answer } from "../../src/seedance/answer.ts";
import type { Chance } from "./chance.ts";

/** Writes answers as services and gateways do: the same fact in any of the shapes that were seen. */
export class Answers {
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  accepted(task: string): Answer {
    const plain = this.#chance.one<object>([
      { id: task, task_id: task, object: "video", model: "seedance-2.0-mini", status: "", progress: 0 },
      { id: task },
      { task_id: task, status: "queued" },
      { id: task, status: "queued", request_id: "0217-abc" },
    ]);
    return this.#answer(this.#chance.one([200, 200, 200, 201, 202]), this.#wrapped(plain));
  }

  pending(task: string, progress: number): Answer {
    const percent = Math.round(progress * 100);
    const plain = this.#chance.one<object>([
      { id: task, status: "running" },
      { id: task, status: "queued" },
      { task_id: task, status: "IN_PROGRESS", progress: `${percent}%`, fail_reason: "", result_url: "" },
      { task_id: task, status: "NOT_START", progress: "0%", data: null },
      { status: "processing", progress: percent },
      { id: task, status: "" },
      { id: task, status: "a word of next year" },
      { code: "success", data: null },
    ]);
    return this.#answer(200, this.#wrapped(plain));
  }

  succeeded(task: string, url: string, tokens: number): Answer {
    const usage = { completion_tokens: tokens, total_tokens: tokens };
    const ark = { id: task, status: "succeeded", content: { video_url: url }, usage };
    const body = this.#chance.one<object>([
      this.#wrapped(ark),
      {
        code: "success",
        message: "",
        data: { task_id: task, status: "SUCCESS", result_url: url, data: { usage } },
      },
      { code: "success", data: { task_id: task, status: "SUCCESS", progress: "100%", data: ark } },
      // Chained gateways lag behind each other.
      { code: "success", data: { task_id: task, status: "IN_PROGRESS", data: ark } },
      { status: "completed", video_url: url, usage },
      { id: task, object: "video", status: "completed", metadata: { url }, usage },
      { code: "success", data: { status: "SUCCESS", fail_reason: url, usage } },
    ]);
    return this.#answer(this.#chance.happens(0.05) ? 500 : 200, body);
  }

  /** It has ended well, and the link is not there yet. */
  succeededWithoutLink(task: string): Answer {
    return this.#answer(200, this.#wrapped({ id: task, status: "succeeded", content: { video_url: "" } }));
  }

  failed(task: string, code: string, message: string): Answer {
    const body = this.#chance.one<object>([
      this.#wrapped({
        id: task,
        status: this.#chance.one(["failed", "cancelled", "expired"]),
        error: { code, message },
      }),
      { code: "success", data: { task_id: task, status: "FAILURE", fail_reason: message } },
      {
        code: "success",
        data: { status: "FAILURE", fail_reason: JSON.stringify({ error: { code, message } }) },
      },
    ]);
    return this.#answer(200, body);
  }

  /** An error of the call itself, with a code that says what it means. */
  error(status: number, code: string, message: string, headers: Answer["headers"] = {}): Answer {
    const plain = { error: { code, message, type: "BadRequest", param: "" } };
    const body = this.#chance.one<object>([
      plain,
      { code, message, data: null },
      { code, message: JSON.stringify(plain), data: null },
      { error: { code: "upstream_error", message: `upstream said: ${JSON.stringify(plain)}` } },
    ]);
    return this.#answer(status, body, headers);
  }

  /** Somebody in between answers, who knows nothing of tasks. */
  page(status: number): Answer {
    const text = this.#chance.one([
      "",
      `<html><body><h1>${status}</h1></body></html>`,
      "upstream connect error",
    ]);
    return { status, headers: {}, text };
  }

  /** The same answer, as a bad line would have it. */
  garbled(answer: Answer): Answer {
    const { text } = answer;
    const cut = text.slice(0, this.#chance.between(0, Math.max(0, text.length - 2)));
    return { ...answer, text: this.#chance.one([cut, cut + "\u0000\uFFFD", ""]) };
  }

  #answer(status: number, body: object, headers: Answer["headers"] = {}): Answer {
    return { status, headers, text: JSON.stringify(body) };
  }

  #wrapped(body: object): object {
    let whole = body;
    while (this.#chance.happens(0.3)) {
      const inner = whole;
      whole = this.#chance.one<() => object>([
        () => ({ code: "success", message: "", data: inner }),
        () => ({ data: JSON.stringify(inner) }),
        () => ({ success: true, result: inner }),
        () => ({ response: [inner] }),
        () => ({ status: "", progress: "0%", task: inner, error: null }),
      ])();
    }
    return whole;
  }
}
