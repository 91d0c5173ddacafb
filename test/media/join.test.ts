import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PictureCodec } from "../../src/media/codec.ts";
import { joinClips, type JoinPart } from "../../src/media/join.ts";
import { probeMedia } from "../../src/media/probe.ts";
import { BACK_ENDS, encodeDrawn, meansOf, scratch, tone } from "./drawn.ts";

const { path, remove } = scratch();
afterAll(remove);

const REORDERED = "test/fixtures/media/reordered.mp4";

async function join(parts: readonly JoinPart[], output = path("film.mp4")) {
  const joined = await joinClips(parts, output);
  if (joined.kind !== "joined") throw new Error(`${joined.part}: ${joined.reason}`);
  return { ...joined, output };
}

/** Where the sound jumps to something loud, in seconds. */
function onset(sound: Float32Array, from: number, to: number): number {
  const window = sound.subarray(Math.round(from * 48_000), Math.round(to * 48_000));
  return from + window.findIndex((sample) => Math.abs(sample) > 0.4) / 48_000;
}

function loudness(sound: Float32Array, from: number, to: number): number {
  const window = sound.subarray(Math.round(from * 48_000), Math.round(to * 48_000));
  return Math.sqrt(window.reduce((sum, sample) => sum + sample * sample, 0) / window.length);
}

describe.each(BACK_ENDS)("clips made by $name $missing", ({ name, codec: opened }) => {
  const codec = opened as PictureCodec;
  const file = (title: string) => path(`${name}-${title}.mp4`);

  describe.skipIf(opened === undefined)("joined without encoding", () => {
    let clips: string[];
    let decoded: number[][];

    beforeAll(async () => {
      clips = await Promise.all(
        [1, 2, 3].map((seed) => {
          return encodeDrawn(codec, file(`clip-${seed}`), {
            seed,
            frames: 25,
            sound: tone(25 / 24, 300 * seed),
          });
        }),
      );
      decoded = await Promise.all(clips.map((clip) => meansOf(codec.pictures(clip))));
    });

    test("the film has every picture of every clip, at its place", async () => {
      const film = await join(clips.map((clip) => ({ path: clip })));
      expect(film).toMatchObject({ frames: 75, fps: 24, seconds: 75 / 24 });
      expect(film.parts.map(({ start }) => start)).toEqual([0, 25, 50]);
      expect(await meansOf(codec.pictures(film.output))).toEqual(decoded.flat());
      expect(await probeMedia(film.output)).toMatchObject({
        frames: 75,
        fps: 24,
        seconds: 3.125,
        sound: true,
      });
    });

    test("a joint loses the pictures that it was told to lose", async () => {
      const film = await join([
        { path: clips[0] ?? "", dropTail: 6 },
        { path: clips[1] ?? "", dropHead: 1, dropTail: 6 },
        { path: clips[2] ?? "", dropHead: 1 },
      ]);
      expect(film.parts).toEqual([
        { start: 0, frames: 18, dropped: 7 },
        { start: 18, frames: 18, dropped: 7 },
        { start: 36, frames: 25, dropped: 0 },
      ]);
      const [a = [], b = [], c = []] = decoded;
      expect(await meansOf(codec.pictures(film.output))).toEqual([
        ...a.slice(0, 18),
        ...b.slice(0, 18),
        ...c,
      ]);
    });

    test("one picture stays, however many are to go", async () => {
      const film = await join([{ path: clips[0] ?? "", dropTail: 99 }, { path: clips[1] ?? "" }]);
      expect(film.parts[0]).toEqual({ start: 0, frames: 1, dropped: 24 });
    });

    test("the same clips give the same bytes, also later", async () => {
      const parts = clips.map((clip) => ({ path: clip, dropTail: 2 }));
      const digests = [];
      for (const round of [1, 2]) {
        const film = await join(parts, file(`again-${round}`));
        digests.push(createHash("sha256").update(readFileSync(film.output)).digest("hex"));
        await new Promise((resolve) => setTimeout(resolve, 1100));
      }
      expect(digests[0]).toBe(digests[1]);
    });

    test("over twenty clips the sound does not drift from the pictures", async () => {
      const click = new Float32Array(48_000 * 2).fill(0.8, 24_000, 24_400);
      const clip = await encodeDrawn(codec, file("click"), { seed: 4, frames: 37, sound: click });
      const film = await join(Array.from({ length: 20 }, () => ({ path: clip, dropTail: 3 })));
      const sound = await codec.sound(film.output);
      for (const { start } of film.parts) {
        const due = start / 24 + 0.5;
        expect(Math.abs(onset(sound, due - 0.1, due + 0.1) - due)).toBeLessThan(0.0117);
      }
      expect(Math.abs(sound.length / 48_000 - film.seconds)).toBeLessThan(0.022);
    });

    test.each([
      ["first", 0],
      ["in the middle", 1],
      ["last", 2],
    ])("a clip without sound is silent among others (%s)", async (_, place) => {
      const mute = await encodeDrawn(codec, file("mute"), { seed: 5, frames: 25 });
      const parts = clips.slice(0, 2).map((clip) => ({ path: clip }));
      const film = await join(parts.toSpliced(place, 0, { path: mute }));
      const sound = await codec.sound(film.output);
      for (const index of [0, 1, 2]) {
        const [from, to] = [(index * 25) / 24 + 0.1, (index * 25) / 24 + 0.9];
        if (index === place) expect(loudness(sound, from, to)).toBeLessThan(0.005);
        else expect(loudness(sound, from, to)).toBeGreaterThan(0.15);
      }
      expect(Math.abs(sound.length / 48_000 - film.seconds)).toBeLessThan(0.022);
    });

    test("clips without sound give a film without sound", async () => {
      const mute = await encodeDrawn(codec, file("mutes"), { seed: 6, frames: 9 });
      const film = await join([{ path: mute }, { path: mute }]);
      expect(await probeMedia(film.output)).toMatchObject({ frames: 18, sound: false });
    });

    test("clips of different sizes are not forced into one file", async () => {
      const wide = await encodeDrawn(codec, file("wide"), {
        seed: 7,
        frames: 5,
        size: { width: 128, height: 64 },
      });
      const output = file("never");
      const joined = await joinClips([{ path: clips[0] ?? "" }, { path: wide }], output);
      expect(joined).toEqual({ kind: "cannot-copy", part: 1, reason: "its size is 128x64, not 96x64" });
      expect(existsSync(output)).toBe(false);
    });

    test("clips of other settings are not forced into one file", async () => {
      const joined = await joinClips([{ path: clips[0] ?? "" }, { path: REORDERED }], file("never"));
      expect(joined).toMatchObject({ kind: "cannot-copy", part: 1 });
    });

    test("what is no clip is said so", async () => {
      const text = path("text.mp4");
      writeFileSync(text, "no film");
      const joined = await joinClips([{ path: clips[0] ?? "" }, { path: text }], file("never"));
      expect(joined).toMatchObject({
        kind: "cannot-copy",
        part: 1,
        reason: expect.stringContaining("no index") as string,
      });
    });

    test("nothing half-written stays when the film cannot be written", async () => {
      const parts = clips.map((clip) => ({ path: clip }));
      await expect(joinClips(parts, path("no-such-folder/film.mp4"))).rejects.toThrow();
      expect(readdirSync(path(".")).filter((entry) => entry.endsWith(".tmp"))).toEqual([]);
    });

    test("with B-frames the cut is the nearest that loses enough, and the film says which", async () => {
      const whole = await meansOf(codec.pictures(REORDERED));
      expect((await join([{ path: REORDERED }, { path: REORDERED }])).frames).toBe(100);
      for (let dropTail = 1; dropTail < 12; dropTail++) {
        const film = await join([{ path: REORDERED, dropTail }, { path: REORDERED }]);
        const dropped = film.parts[0]?.dropped ?? 0;
        expect(dropped).toBeGreaterThanOrEqual(dropTail);
        expect(dropped).toBeLessThan(dropTail + 4);
        expect(film.frames).toBe(100 - dropped);
        expect(await meansOf(codec.pictures(film.output))).toEqual([
          ...whole.slice(0, 50 - dropped),
          ...whole,
        ]);
      }
    });
  });
});
