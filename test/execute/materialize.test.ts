import { expect, test } from "vitest";
import { digestOf } from "../../src/base/digest.ts";
import { leftOutOfRequest } from "../../src/base/limits.ts";
import { openHandover, type Handed, type HandedMedium, type Way } from "../../src/execute/handover.ts";
import { materialize } from "../../src/execute/materialize.ts";
import { lowerScene } from "../../src/seedance/lower.ts";
import { ObjectStore } from "../../src/store/objects.ts";
import { readText } from "../storyboard/read.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { doneTake } from "../support/takes.ts";
import { film } from "../plan/planned.ts";

const MB = 1024 * 1024;

/** The addresses that a request would name, data URLs by their kind alone; and what was handed over. */
async function sent(references: string, sizes: Readonly<Record<string, number>>, ways: readonly Way[]) {
  const text = film(
    "{ id: dawn, prompt: At dawn. }",
    `{ id: pan, references: [${references}], prompt: A pan. }`,
  );
  const { storyboard, media } = readText(text);
  const [, scene] = storyboard.scenes;
  if (!scene) throw new Error("no scene");
  const links = { linkOf: () => Promise.resolve<Handed>({ kind: "none", why: "no link" }) };
  const result = await materialize({
    lowered: lowerScene(storyboard, scene, media),
    media,
    handover: openHandover(links, ways, new ObjectStore(memoryFiles(), "/project/.storyc")),
    selected: () => doneTake(1),
    still: () => Promise.resolve(Buffer.alloc(sizes["still"] ?? 10)),
    read: (path) => Buffer.alloc(sizes[path.split("/").at(-1) ?? ""] ?? 10, path),
  });
  if (result.kind === "unreachable") return result.message;
  return result.urls.map((url) => url.replace(/;base64,.*/, ""));
}

/** A way that takes everything, and tells what. */
function everything(): Way & { readonly taken: HandedMedium[] } {
  const taken: HandedMedium[] = [];
  return {
    taken,
    urlOf: (medium) => (
      taken.push(medium),
      Promise.resolve({ kind: "url", url: `https://b/${taken.length}` })
    ),
  };
}

test("pictures, sounds and stills travel as data, named by what they are", async () => {
  const urls = await sent("./a.png, ./b.wav, dawn.last_frame", {}, []);
  expect(urls).toEqual(["data:image/png", "data:image/png", "data:audio/wav"]);
});

test("what does not fit into the request goes by another way, the largest first", async () => {
  const way = everything();
  const sizes = { "a.png": 20 * MB, "b.png": 28 * MB, "c.png": 10 * MB };
  expect(await sent("./a.png, ./b.png, ./c.png", sizes, [way])).toEqual([
    "data:image/png",
    "https://b/1",
    "data:image/png",
  ]);
  expect(way.taken).toMatchObject([{ medium: "image", format: "png", bytes: 28 * MB, path: "/film/b.png" }]);
});

test("a local video goes by a way of its own bytes, under their digest", async () => {
  const way = everything();
  await sent("./dolly.mp4", {}, [way]);
  const bytes = Buffer.alloc(10, "/film/dolly.mp4");
  expect(way.taken).toMatchObject([{ medium: "video", format: "mp4", digest: digestOf(bytes), bytes: 10 }]);
  expect(Buffer.concat([...(way.taken[0]?.chunks() ?? [])])).toEqual(bytes);
});

test("without a way the medium is named, and why each way has failed", async () => {
  expect(await sent("./dolly.mp4", {}, [])).toBe(
    "`./dolly.mp4` cannot be given to the service: videos, and what is too much for one request, go by link only",
  );
  const no = (why: string): Way => ({ urlOf: () => Promise.resolve({ kind: "none", why }) });
  expect(await sent("dawn", {}, [no("the bucket is closed"), no("the library is full")])).toBe(
    "the clip of `dawn` cannot be given to the service: no link; the bucket is closed; the library is full",
  );
});

test("a request is filled up to its limit and never beyond", () => {
  const inside = 64 * MB - 64 * 1024;
  const fits = Math.floor(inside / 4) * 3;
  expect([...leftOutOfRequest([fits])]).toEqual([]);
  expect([...leftOutOfRequest([fits + 3])]).toEqual([0]);
  expect([...leftOutOfRequest([fits / 2, fits / 2 + 3, 100])]).toEqual([1]);
  expect([...leftOutOfRequest([])]).toEqual([]);
});
