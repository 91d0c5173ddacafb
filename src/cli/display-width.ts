import stringWidth from "string-width";

/** Columns that a text takes on a terminal: Chinese characters and emoji take two, combining marks none. */
export const displayWidth = (text: string): number => stringWidth(text);

/** The text, filled to `columns`. */
export function padDisplay(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}
