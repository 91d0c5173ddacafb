import { expect, test } from "vitest";
import { storyboardSchema } from "../../src/syntax/storyboard-schema.ts";

interface Node {
  readonly $ref?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly [key: string]: unknown;
}

const root = storyboardSchema as Node;

/** Every place of the schema that a person can write something at, by the way to it. */
function places(node: unknown, way = ""): [string, Node][] {
  if (typeof node !== "object" || node === null) return [];
  const named = ["properties", "patternProperties"].flatMap((key) =>
    Object.entries((node as Node)[key] ?? {}).map(([name, value]): [string, Node] => [
      `${way}/${name}`,
      value as Node,
    ]),
  );
  const others = ["additionalProperties", "items"].flatMap((key): [string, Node][] => {
    const value = (node as Node)[key];
    return typeof value === "object" ? [[`${way}/${key}`, value as Node]] : [];
  });
  const below = Object.entries(node).flatMap(([key, value]) => places(value, `${way}/${key}`));
  return [...named, ...others, ...below];
}

function resolved(node: Node): Node {
  const name = node.$ref?.replace("#/definitions/", "");
  return name === undefined ? node : { ...(root.definitions as Record<string, Node>)[name], ...node };
}

const all = places(root);

test("whatever can be written is described, in a sentence", () => {
  expect(all.length).toBeGreaterThan(80);
  const bare = all.filter(([, node]) => !/^\S.*[.]$/s.test(resolved(node).description ?? ""));
  expect(bare.map(([way]) => way)).toEqual([]);
});

test("code in a description is shown as code: the markdown says the same, and may add an example", () => {
  const apart = all
    .map(([way, node]) => [way, resolved(node)] as const)
    .filter(([, node]) => {
      const { description = "", markdownDescription } = node;
      return markdownDescription === undefined
        ? description.includes("`")
        : !markdownDescription.startsWith(description);
    });
  expect(apart.map(([way]) => way)).toEqual([]);
});

test("nothing but what is described may be written", () => {
  const open = [["#", root] as const, ...all].filter(
    ([, node]) => node.properties !== undefined && node.additionalProperties === undefined,
  );
  expect(open.map(([way]) => way)).toEqual([]);
});
