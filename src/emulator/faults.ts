import { digestOf } from "../base/digest.ts";
import type { ApiError } from "./request.ts";
import type { TaskFault } from "./task.ts";

/**
 * Faults that a word in the prompt asks for: `[[refuse]]` refuses the request, `[[429]]` answers the first try
 * of each request so, `[[fail]]` fails the task, `[[hang]]` lets it run for ever.
 */
export class Faults {
  private readonly busy = new Set<string>();

  /** The answer to this create call in place of a task; `undefined` to go on. */
  atCreate(prompt: string, body: string, label: string): ApiError | undefined {
    if (prompt.includes("[[refuse]]")) {
      return {
        status: 400,
        code: "InputTextSensitiveContentDetected",
        message: "the input text may contain sensitive information",
      };
    }
    if (!prompt.includes("[[429]]")) return undefined;
    const request = digestOf(`${label}\n${body}`);
    if (this.busy.has(request)) return undefined;
    this.busy.add(request);
    return { status: 429, code: "RateLimitExceeded", message: "too many requests, try again later" };
  }
}

export function taskFault(prompt: string): TaskFault | undefined {
  if (prompt.includes("[[fail]]")) return "fail";
  return prompt.includes("[[hang]]") ? "hang" : undefined;
}
