import type { RunEvent, SceneResult } from "../execute/events.ts";

/** What an event means for the scene that it is about, in few words. */
export function eventText(event: RunEvent): string {
  switch (event.type) {
    case "scene-sending":
      return `sending take ${event.take}`;
    case "scene-busy":
      return `waiting ${event.seconds} s: ${event.message}`;
    case "scene-running":
      return `task ${event.task}${event.progress === undefined ? "" : `, ${Math.round(event.progress * 100)} %`}`;
    case "scene-downloading":
      return `fetching take ${event.take}`;
    case "scene-retried":
      return `take ${event.take} did not pass moderation (${event.code}), trying again${event.left > 0 ? `, ${event.left} more left` : ""}`;
    case "scene-ended":
      return resultText(event.result);
    case "take-found":
      return `take ${event.take} is task ${event.task}, as the provider's list shows`;
    case "take-in-doubt":
      return `any of these tasks could be take ${event.take}: ${event.tasks.join(", ")}; \`storyc adopt ${event.scene} TASK\` settles it`;
    case "frame-taken":
      return `${event.which} frame taken`;
  }
}

export function resultText(result: SceneResult): string {
  switch (result.kind) {
    case "reused":
      return `take ${result.take} reused`;
    case "done":
      return `take ${result.take} done${result.differences.length > 0 ? ` (${result.differences.join("; ")})` : ""}`;
    case "refused":
    case "failed":
      return `${result.kind}: ${[result.error.code, result.error.message].filter(Boolean).join(": ")}`;
    case "unknown":
      return `unknown whether it was accepted: ${result.error.message}`;
    case "unfinished":
      return `task ${result.task} goes on: ${result.message}`;
    case "blocked":
      return `blocked: ${result.message}`;
    case "left":
      return `left as it is: ${result.message}`;
    case "gone":
      return result.message;
    case "stopped":
      return `stopped: ${result.message}`;
  }
}
