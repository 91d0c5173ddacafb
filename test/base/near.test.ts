import { describe, expect, test } from "vitest";
import { canonicalJson, digestOf } from "../../src/base/digest.ts";
import { nearNames } from "../../src/base/near.ts";

describe("a name is offered only when it is near", () => {
  test.each([
    ["a missing letter", "keepr", ["keeper", "tower"], "keeper"],
    ["two letters swapped", "kepeer", ["keeper"], "keeper"],
    ["upper and lower case", "Keeper", ["keeper"], "keeper"],
    ["the nearest of several", "climb1", ["climb22", "climb2"], "climb2"],
    ["nothing for another word", "radio", ["keeper", "tower"], undefined],
    ["nothing for a short word of other letters", "ab", ["xy"], undefined],
    ["a Chinese name with one other character", "林小", ["林晓", "周远"], "林晓"],
    ["never the name itself", "keeper", ["keeper"], undefined],
  ])("%s", (_, name, candidates, expected) => {
    expect(nearNames(name, candidates)[0]).toBe(expected);
  });

  test("as many as are asked for, nearest first", () => {
    expect(nearNames("storm", ["storms", "stormys", "stork"], 2)).toEqual(["stork", "storms"]);
  });
});

describe("canonical JSON is one text for one value", () => {
  test("whatever the order of the keys", () => {
    expect(canonicalJson({ b: 1, a: { d: [1, "x"], c: null } })).toBe('{"a":{"c":null,"d":[1,"x"]},"b":1}');
  });

  test("an undefined member is no member", () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  test("a key named `__proto__` counts", () => {
    const value: unknown = JSON.parse('{"__proto__":1,"a":2}');
    expect(canonicalJson(value)).toBe('{"__proto__":1,"a":2}');
  });

  test("keys are sorted by code unit and not by language", () => {
    expect(canonicalJson({ ä: 1, z: 2, Z: 3 })).toBe('{"Z":3,"z":2,"ä":1}');
  });

  test("a digest is SHA-256 in lower-case hex", () => {
    expect(digestOf("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});
