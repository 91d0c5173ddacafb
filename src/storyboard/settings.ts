import { get, type SyntaxNode } from "../syntax/tree.ts";
import type { Setting, Settings } from "./types.ts";

export const SETTING_NAMES = ["resolution", "ratio", "duration", "generate_audio", "watermark"] as const;

/** The settings that a mapping gives, over those that stand below it. */
export function buildSettings(
  node: SyntaxNode | undefined,
  below: Settings,
  origin: Setting<unknown>["origin"],
): Settings {
  if (node?.kind !== "map" || !SETTING_NAMES.some((name) => node.entries.has(name))) return below;
  return { ...below, ...givenSettings(node, origin) };
}

/** Only the settings that a mapping gives itself. */
export function givenSettings(
  node: SyntaxNode | undefined,
  origin: Setting<unknown>["origin"],
): Partial<Settings> {
  const given = SETTING_NAMES.flatMap((name) => {
    const value = get(node, name);
    return value?.kind === "scalar" && value.value !== null
      ? [[name, { value: value.value, origin, span: value.span }]]
      : [];
  });
  return Object.fromEntries(given) as Partial<Settings>;
}
