import { get, type SyntaxNode } from "../syntax/tree.ts";

/** The bucket that a storyboard names. Its keys never stand in one. */
export interface WrittenBucket {
  readonly bucket?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly prefix?: string;
  readonly path_style?: boolean;
}

/** From a mapping that fits the schema. */
export function buildBucket(node: SyntaxNode): WrittenBucket {
  const texts = (["bucket", "endpoint", "region", "prefix"] as const).flatMap((key) => {
    const value = get(node, key);
    return value?.kind === "scalar" && typeof value.value === "string" ? [[key, value.value]] : [];
  });
  const style = get(node, "path_style");
  const isPath = style?.kind === "scalar" && typeof style.value === "boolean";
  return { ...Object.fromEntries(texts), ...(isPath && { path_style: style.value as boolean }) };
}
