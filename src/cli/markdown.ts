/**
 * Text as it is, in GitHub's Markdown: nothing in it becomes a mark, HTML, a link, a mention of a person or of an
 * issue, a formula, or the end of a table's cell. An empty comment parts what would be one of these only as a whole.
 */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[\\`*_{}[\]()#+!~$]/g, "\\$&")
    .replace(/\|/g, "&#124;")
    .replace(/@/g, `@${APART}`)
    .replace(/\\#(?=\d)/g, `\\#${APART}`)
    .replace(/GH-(?=\d)/gi, `$&${APART}`)
    .replace(/:(?=\/\/)/g, `:${APART}`)
    .replace(/www(?=\.)/gi, `$&${APART}`);
}

const APART = "<!-- -->";

/** Text as code within a line. */
export function codeSpan(text: string): string {
  const plain = oneLine(text);
  if (plain.trim() === "") return "";
  // In a table a bar ends the cell even within backticks, and Markdown's readers differ on a backslash before it.
  if (plain.includes("|")) return `<code>${escapeMarkdown(plain)}</code>`;
  const fence = "`".repeat(longestRun(plain) + 1);
  const pad = /^`|`$|^ .* $/.test(plain) ? " " : "";
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/** A sentence of ours, in which names stand between backticks. */
export function sentence(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part, i) => (i % 2 === 1 ? codeSpan(part.slice(1, -1)) : escapeMarkdown(part)))
    .join("");
}

/** Lines as they are, whatever they hold. */
export function codeBlock(language: string, text: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${withoutControls(text)}\n${fence}`;
}

export function tableText(
  head: readonly string[],
  right: readonly number[],
  rows: readonly (readonly string[])[],
): string {
  const rule = head.map((_, i) => (right.includes(i) ? "--:" : ":--"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** At most so many characters. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most).join("")}…`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

function oneLine(text: string): string {
  return withoutControls(text).replace(/\s+/g, " ");
}

/** Control characters, and those that turn the direction of writing round, change what a reader sees. */
function withoutControls(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n");
  return lines.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    "",
  );
}
