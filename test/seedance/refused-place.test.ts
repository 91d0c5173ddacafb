import { expect, test } from "vitest";
import type { LoweredItem, LoweredScene } from "../../src/seedance/lowered.ts";
import { refusedPlace } from "../../src/seedance/refused-place.ts";
import { loweredOf } from "../support/scenes.ts";

const [clip] = loweredOf({ id: "b", extend: "a" }).items;
if (!clip) throw new Error("no item");
const item = (written: string, type: LoweredItem["type"]): LoweredItem => ({ ...clip, written, type });
const scene = (...items: LoweredItem[]): LoweredScene => ({ ...loweredOf({ id: "b" }), items });
const TWO = scene(item("./face.png", "image_url"), item("a", "video_url"));
const place = (lowered: LoweredScene, code: string, message = ""): string | undefined =>
  refusedPlace(lowered, { code, message })?.written;

test("the item that a message numbers, counted behind the text", () => {
  expect(place(TWO, "InvalidParameter", "content[0].text is too long")).toBe("the prompt");
  expect(place(TWO, "InvalidParameter", "content[1].image_url is not valid")).toBe("./face.png");
  expect(place(TWO, "InvalidParameter", "content[2] is too long")).toBe("a");
  expect(place(TWO, "InvalidParameter", "content[3] is too long")).toBeUndefined();
});

test("without a text, from the first medium on", () => {
  expect(place({ ...TWO, text: [] }, "InvalidParameter", "content[0] is not valid")).toBe("./face.png");
});

test("without a number, the medium of which there is only one", () => {
  expect(place(TWO, "InputImageSensitiveContentDetected")).toBe("./face.png");
  expect(place(TWO, "InputTextSensitiveContentDetected")).toBe("the prompt");
  const three = scene(item("./1.png", "image_url"), item("./2.png", "image_url"));
  expect(place(three, "InputImageSensitiveContentDetected")).toBeUndefined();
  expect(place(TWO, "InternalServiceError")).toBeUndefined();
});
