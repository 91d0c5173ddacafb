import { expect, test } from "vitest";
import { fitText, shorten, wrapText } from "../../src/emulator/animatic/text-layout.ts";

/** Every Latin character is half as wide as a Chinese one. */
const measure = (text: string): number =>
  [...text].reduce((sum, character) => sum + (/\p{Script=Han}|[，。“”]/u.test(character) ? 1 : 0.5), 0);

test("Latin breaks at spaces, and only a word wider than the line is cut", () => {
  expect(wrapText("the keeper lights the lamp", 6, measure)).toEqual(["the keeper", "lights the", "lamp"]);
  expect(wrapText("a lighthousekeeper", 4, measure)).toEqual(["a", "lighthou", "sekeeper"]);
});

test("Chinese breaks between characters, but no line begins or ends with the wrong punctuation", () => {
  expect(wrapText("守塔人点亮了灯，望向远处", 7, measure)).toEqual(["守塔人点亮了", "灯，望向远处"]);
  expect(wrapText("她轻声说“今晚不行”", 5, measure)).toEqual(["她轻声说", "“今晚不", "行”"]);
});

test("a text is as large as its box allows, and ends in an ellipsis when it never fits", () => {
  const box = { width: 100, height: 60 };
  const sizes = { largest: 20, smallest: 10 };
  expect(fitText("灯", box, sizes, measure)).toMatchObject({ size: 20, lines: ["灯"] });
  const long = fitText("灯".repeat(100), box, sizes, measure);
  expect(long.size).toBe(10);
  expect(long.lines).toHaveLength(4);
  expect(long.lines.at(-1)).toMatch(/灯…$/);
  const middle = fitText("灯".repeat(22), box, sizes, measure);
  expect(middle.size).toBeGreaterThan(10);
  expect(middle.size).toBeLessThan(20);
});

test("a name that is too long is cut at its end", () => {
  expect(shorten("dawn", 10, measure)).toBe("dawn");
  expect(shorten("the-very-long-name", 5, measure)).toBe("the-very-…");
});
