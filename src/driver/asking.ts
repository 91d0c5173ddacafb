import { nearNames } from "../base/near.ts";
import { NO_WISHES, type Wishes } from "../plan/wishes.ts";
import { upstreamOf, type Scene } from "../storyboard/types.ts";
import type { Compiled } from "./check.ts";

/** What a call asks for beyond the storyboard. Scenes by id, by a pattern with `*` and `?`, or with `+` for all that depends on them. */
export interface Asked {
  /** One film of a `matrix` or profile; all without it. */
  readonly film?: string | undefined;
  /** One more take of each, which becomes the selected one. */
  readonly retake?: readonly string[] | undefined;
  /** The takes of unknown outcome are given up, and sent anew. */
  readonly resubmit?: readonly string[] | undefined;
  /** Nothing else is made. */
  readonly only?: readonly string[] | undefined;
}

export type Answered =
  | { readonly kind: "asked"; readonly films: readonly Compiled[]; readonly wishes: Wishes }
  | { readonly kind: "wrong-call"; readonly message: string };

/** Holds what is asked for against what the storyboard has. */
export function readAsked(films: readonly Compiled[], asked: Asked): Answered {
  const chosen = asked.film === undefined ? films : films.filter((film) => variantOf(film) === asked.film);
  const [first] = chosen;
  if (!first)
    return wrong(`there is no film \`${asked.film}\``, near(asked.film ?? "", films.map(variantOf)));
  if (asked.retake && chosen.length > 1)
    return wrong(`the storyboard makes ${chosen.length} films`, "say whose take with `--film NAME`");
  const { scenes } = first.storyboard;
  const sets = { ...NO_WISHES } as { -readonly [K in keyof Wishes]: Wishes[K] };
  for (const wish of ["retake", "resubmit", "only"] as const) {
    const patterns = asked[wish];
    if (patterns === undefined) continue;
    const found = selectScenes(scenes, patterns);
    if (found.kind === "wrong-call") return found;
    sets[wish] = found.scenes;
  }
  const left = [...sets.retake, ...sets.resubmit].find((id) => sets.only && !sets.only.has(id));
  if (left !== undefined)
    return wrong(`\`${left}\` is asked for, and --only leaves it out`, "name it there too");
  return { kind: "asked", films: chosen, wishes: sets };
}

type Selected = { readonly kind: "scenes"; readonly scenes: ReadonlySet<string> } | WrongCall;
type WrongCall = Extract<Answered, { kind: "wrong-call" }>;

function selectScenes(scenes: readonly Scene[], patterns: readonly string[]): Selected {
  const selected = new Set<string>();
  for (const pattern of patterns) {
    const name = pattern.replace(/\+$/, "");
    const fits = matcher(name);
    const found = scenes.filter(({ id }) => fits(id)).map(({ id }) => id);
    if (found.length === 0)
      return wrong(
        `no scene is named \`${name}\``,
        near(
          name,
          scenes.map(({ id }) => id),
        ),
      );
    for (const id of found) selected.add(id);
    if (pattern.endsWith("+")) for (const id of followersOf(scenes, found)) selected.add(id);
  }
  return { kind: "scenes", scenes: selected };
}

/** `*` stands for any letters, `?` for one. Everything else is meant as it is. */
function matcher(pattern: string): (id: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${source}$`, "u");
  return (id) => expression.test(id);
}

/** All that uses one of these clips, directly or not, in any order of the file. */
function followersOf(scenes: readonly Scene[], from: readonly string[]): Set<string> {
  const users = new Map<string, string[]>();
  for (const scene of scenes)
    for (const id of upstreamOf(scene)) users.set(id, [...(users.get(id) ?? []), scene.id]);
  const reached = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop())
    for (const user of users.get(id) ?? []) if (!reached.has(user)) open.push((reached.add(user), user));
  return reached;
}

function variantOf({ storyboard }: Compiled): string {
  return storyboard.variant;
}

function near(name: string, names: readonly string[]): string {
  const [found] = nearNames(name, names);
  return found === undefined ? `there are ${names.slice(0, 12).join(", ")}` : `did you mean \`${found}\`?`;
}

function wrong(message: string, help: string): WrongCall {
  return { kind: "wrong-call", message: `${message}; ${help}` };
}
