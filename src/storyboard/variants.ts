import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { nearNames } from "../base/near.ts";
import { MAIN_NAME } from "./names.ts";
import { entriesOf, get, itemsOf, type MapEntry, type ScalarNode, type SyntaxTree } from "../syntax/tree.ts";
import { givenSettings, SETTING_NAMES } from "./settings.ts";
import type { Located, Settings } from "./types.ts";

/** One of the films that a storyboard is compiled into. */
export interface Variant {
  /** Names its folder and its selection in the lock. */
  readonly name: string;
  /** In place of the storyboard's defaults. */
  readonly settings: Partial<Settings>;
  readonly model?: Located<string>;
  /** In place of the declared values. */
  readonly variables: ReadonlyMap<string, Located<string>>;
  /** Above everything that a scene says. */
  readonly profile?: Partial<Settings>;
  /** What the variant has chosen, by key, fit for a file name. */
  readonly labels: ReadonlyMap<string, string>;
}

export const MAIN: Variant = {
  name: MAIN_NAME,
  settings: {},
  variables: new Map(),
  labels: new Map(),
};

/** A few keys multiply quickly, and each film is paid. */
const MOST_VARIANTS = 64;

export interface Variants {
  readonly variants: readonly Variant[];
  readonly diagnostics: readonly Diagnostic[];
}

/** One variant for each combination of the matrix, all with the profile that was asked for. */
export function variantsOf(files: readonly SyntaxTree[], profileName?: string): Variants {
  const main = files.at(-1)?.root;
  const matrix = entriesOf(get(main, "matrix"));
  const variables = files.flatMap(({ root }) => entriesOf(get(root, "variables"))).map(({ key }) => key);
  const diagnostics = matrix.flatMap((entry) => unknownKey(entry, variables));
  const profile =
    profileName === undefined
      ? undefined
      : entriesOf(get(main, "profiles")).find(({ key }) => key === profileName);
  if (profileName !== undefined && !profile)
    diagnostics.push(unknownProfile(profileName, entriesOf(get(main, "profiles"))));
  const count = matrix.reduce((product, { value }) => product * itemsOf(value).length, 1);
  const [first] = matrix;
  if (count > MOST_VARIANTS && first) {
    const help = `leave some values out; at most ${MOST_VARIANTS} films are made of one storyboard`;
    diagnostics.push(diagnose("matrix/too-many", first.keySpan, `the matrix makes ${count} films`, { help }));
    return { variants: [MAIN], diagnostics };
  }
  const forced = profile && givenSettings(profile.value, "profile");
  const variants = combinations(matrix).map((choice) => variantOf(choice, profileName, forced));
  return { variants, diagnostics };
}

type Choice = readonly { readonly key: string; readonly node: ScalarNode }[];

function combinations(matrix: readonly MapEntry[]): Choice[] {
  return matrix.reduce<Choice[]>(
    (choices, { key, value }) =>
      choices.flatMap((choice) =>
        itemsOf(value).flatMap((node) => (node.kind === "scalar" ? [[...choice, { key, node }]] : [])),
      ),
    [[]],
  );
}

function variantOf(
  choice: Choice,
  profileName: string | undefined,
  profile: Partial<Settings> | undefined,
): Variant {
  const labels = new Map(choice.map(({ key, node }) => [key, fileLabel(String(node.value))]));
  const parts = [...(profileName === undefined ? [] : [profileName]), ...labels.values()];
  const isSetting = ({ key }: Choice[number]): boolean => (SETTING_NAMES as readonly string[]).includes(key);
  const settings = choice
    .filter(isSetting)
    .map(({ key, node }) => [key, { value: node.value, origin: "matrix", span: node.span }] as const);
  const model = choice.find(({ key }) => key === "model")?.node;
  return {
    name: parts.length > 0 ? parts.join("-") : MAIN_NAME,
    settings: Object.fromEntries(settings) as Partial<Settings>,
    variables: new Map(
      choice
        .filter((one) => !isSetting(one) && one.key !== "model")
        .map(({ key, node }) => [key, textOf(node)]),
    ),
    labels,
    ...(profile && { profile }),
    ...(model && { model: textOf(model) }),
  };
}

function textOf({ value, span }: ScalarNode): Located<string> {
  return { value: String(value), span };
}

/** `16:9` is `16x9`, since a colon is no part of a file name on every system. */
function fileLabel(value: string): string {
  const label = value.replaceAll(":", "x").replace(/[^\p{L}\p{M}\p{N}_.]+/gu, "_");
  return label.replace(/^[_.]+|[_.]+$/g, "") || "_";
}

function unknownKey({ key, keySpan }: MapEntry, variables: readonly string[]): Diagnostic[] {
  const known = [...SETTING_NAMES.filter((name) => name !== "watermark"), "model", ...variables];
  if (known.includes(key)) return [];
  const [near] = nearNames(key, known);
  const help = near ? `write \`${near}\`` : "a matrix goes over settings, `model`, and declared variables";
  return [diagnose("matrix/unknown-key", keySpan, `the matrix cannot go over \`${key}\``, { help })];
}

function unknownProfile(name: string, profiles: readonly MapEntry[]): Diagnostic {
  const names = profiles.map(({ key }) => `\`${key}\``);
  const help =
    names.length > 0 ? `the storyboard has ${names.join(", ")}` : "the storyboard has no `profiles`";
  return diagnose("profiles/unknown", undefined, `there is no profile \`${name}\``, { help });
}
