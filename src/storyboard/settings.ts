import { get, numberOf, type SyntaxNode } from "../syntax/tree.ts";
import type { Retry, Setting, Settings } from "./types.ts";

/** What a request says of the clip. */
export const SETTING_NAMES = ["resolution", "ratio", "duration", "generate_audio", "watermark"] as const;

const ALL_NAMES = [...SETTING_NAMES, "retry"] as const;

/** The settings that a mapping gives, over those that stand below it. */
export function buildSettings(
  node: SyntaxNode | undefined,
  below: Settings,
  origin: Setting<unknown>["origin"],
): Settings {
  if (node?.kind !== "map" || !ALL_NAMES.some((name) => node.entries.has(name))) return below;
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
  const retry = givenRetry(get(node, "retry"), origin);
  return { ...(Object.fromEntries(given) as Partial<Settings>), ...(retry && { retry }) };
}

function givenRetry(
  node: SyntaxNode | undefined,
  origin: Setting<unknown>["origin"],
): Setting<Retry> | undefined {
  const moderation = numberOf(get(node, "moderation"));
  return node && moderation !== undefined ? { value: { moderation }, origin, span: node.span } : undefined;
}
