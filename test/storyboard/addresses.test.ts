import { describe, expect, test } from "vitest";
import { readAddress } from "../../src/storyboard/addresses.ts";
import { foldName, nameProblem } from "../../src/storyboard/names.ts";

describe("what a written reference is", () => {
  test.each([
    ["keeper", { kind: "name", name: "keeper" }],
    ["dawn.last_frame", { kind: "name", name: "dawn", still: "last" }],
    ["雨夜.first_frame", { kind: "name", name: "雨夜", still: "first" }],
    ["./a b.png", { kind: "file", path: "/film/a b.png", written: "./a b.png" }],
    ["../a.png", { kind: "file", path: "/a.png", written: "../a.png" }],
    ["/tmp/a.png", { kind: "file", path: "/tmp/a.png", written: "/tmp/a.png" }],
    ["./资产/图#1.png", { kind: "file", path: "/film/资产/图#1.png", written: "./资产/图#1.png" }],
    ["https://example.com/a.png?b=c", { kind: "url", url: "https://example.com/a.png?b=c" }],
    ["asset://asset-1", { kind: "library", id: "asset-1" }],
  ])("%s", (written, expected) => {
    expect(readAddress(written, "/film/storyboard.yaml")).toEqual(expected);
  });

  test.each([
    ["a.png", "write `./a.png`"],
    ["assets/a.png", "write `./assets/a.png`"],
    ["assets\\a.png", "write `./assets/a.png`"],
    ["file:///a.png", "use `https://…`, `asset://ID`, or a path that begins with `./`"],
    ["https://", "check its spelling"],
    [
      "data:image/png;base64,iVBORw0KGgo=",
      "save the picture or the sound as a file, and write its path: `./…`",
    ],
    ["asset://", "write it as the provider gave it, such as `asset://asset-20260312-ab12`"],
    ["asset://a b", "write it as the provider gave it, such as `asset://asset-20260312-ab12`"],
    ["asset://Asset-1", "write `asset://asset-1`"],
  ])("%s is malformed, and the way out is told", (written, help) => {
    expect(readAddress(written, "/film/storyboard.yaml")).toMatchObject({ kind: "malformed", help });
  });
});

describe("what can be a name", () => {
  test.each(["keeper", "keeper-2", "a_b", "林晓", "Ünal", "маяк", "x".repeat(64)])("%s can", (name) => {
    expect(nameProblem(name)).toBeUndefined();
  });

  test.each([
    ["2nd", "a name is letters"],
    ["a b", "a name is letters"],
    ["a.b", "a name is letters"],
    ["../a", "a name is letters"],
    ["-a", "a name is letters"],
    ["", "a name is letters"],
    ["con", "Windows keeps this name"],
    ["LPT1", "Windows keeps this name"],
    ["previous", "means the scene before"],
    ["x".repeat(65), "at most 64 characters"],
  ])("`%s` cannot", (name, why) => {
    expect(nameProblem(name)).toContain(why);
  });

  test("names that some disks take for one are one", () => {
    expect(foldName("Dawn")).toBe(foldName("dawn"));
    expect(foldName("é")).toBe(foldName("e\u0301"));
  });
});
