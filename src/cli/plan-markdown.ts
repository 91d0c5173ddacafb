import type { Diagnostic } from "../base/diagnostic.ts";
import type { Base } from "../driver/base.ts";
import { nothingToDo, type Plan } from "../driver/plan.ts";
import { shownPath, type Project } from "../driver/project.ts";
import { totalOf } from "../driver/spend-gate.ts";
import { wholePrice } from "../plan/difference.ts";
import type { Price } from "../seedance/price.ts";
import { changeOfPrice } from "./base-text.ts";
import { diagnosticText } from "./diagnostic-text.ts";
import { codeBlock, codeSpan, cutText, escapeMarkdown, sentence } from "./markdown.ts";
import { filmMarkdown, promptsMarkdown } from "./plan-markdown-films.ts";
import { retriesText } from "./retries-text.ts";
import { amountText, durationText, moneyText, pricesText, shownAmount, tokensText } from "./quantities.ts";

/** A comment on GitHub has at most 65,536 characters. */
const MOST_CHARACTERS = 60_000;
const MOST_OF_A_TITLE = 200;

/** The plan as a comment on a pull request. `now`: milliseconds since 1970. */
export function planMarkdown(films: readonly Plan[], base: Base, now = Date.now()): string {
  const [first] = films;
  if (!first) return "";
  const { title } = first.storyboard;
  const name =
    title === undefined ? codeSpan(pathOf(first.project)) : escapeMarkdown(cutText(title, MOST_OF_A_TITLE));
  const head = [
    marker(first.project),
    `### storyc plan: ${name}`,
    runText(films),
    retriesOf(films),
    [baseText(films, base), wholeText(films, base)].filter(Boolean).map(listed).join("\n"),
  ];
  const parts = films.map((film) => filmMarkdown(film, base));
  const gone = base.kind === "base" ? base.gone.map(goneText) : [];
  const prompts = films.map((film) => promptsMarkdown(film, base));
  const foot = footText(films, base, now);
  const texts = [
    [...head, ...parts, ...gone, ...prompts, foot],
    [...head, ...parts, ...gone, "Prompts that changed are left out, since a comment is too short.", foot],
    [...head, "The plan is too long for a comment; `storyc plan` prints all of it.", foot],
  ].map((text) => text.filter(Boolean).join("\n\n"));
  return texts.find(({ length }) => length <= MOST_CHARACTERS) ?? texts.at(-1) ?? "";
}

function listed(text: string): string {
  return `* ${text}`;
}

/** In place of a plan, where the storyboard has mistakes. */
export function brokenMarkdown(project: Project | undefined, diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const plain = { columns: 100, style: (_: unknown, text: string): string => text };
  const text = errors.map((one) => diagnosticText(one, plain)).join("\n\n");
  const count = errors.length === 1 ? "an error" : `${errors.length} errors`;
  const name = project ? codeSpan(pathOf(project)) : "the storyboard";
  return [
    marker(project),
    `### storyc plan: ${name} has ${count}`,
    codeBlock("text", cutText(text, MOST_CHARACTERS)),
  ].join("\n\n");
}

/** By this line a script finds its own comment, one for each storyboard of the checkout. */
function marker(project: Project | undefined): string {
  return `<!-- storyc plan ${(project ? pathOf(project) : "").replace(/[^\p{L}\p{N}./_]+/gu, "-")} -->`;
}

function pathOf({ storyboard, root }: Project): string {
  return shownPath(storyboard, root);
}

function runText(films: readonly Plan[]): string {
  if (films.every(nothingToDo)) return "**Nothing to do**: every clip and the film are current.";
  const sent = films.flatMap(({ scenes }) => scenes).reduce((sum, { renders }) => sum + renders, 0);
  if (sent === 0) return "**Nothing to pay.**";
  const total = totalOf(films);
  const clips = sent === 1 ? "1 clip" : `${sent} clips`;
  const seconds = films.reduce((sum, { estimate }) => sum + estimate.seconds, 0);
  const time = `about ${durationText(seconds)} with ${films[0]?.concurrency} in flight`;
  return isPaid(films)
    ? `**${clips} to render for ${moneyText(total)}** (${tokensText(total.tokens)}), ${time}.`
    : `**${clips} to rehearse for nothing**; the paid service would take ${moneyText(total)} (${tokensText(total.tokens)}).`;
}

function retriesOf(films: readonly Plan[]): string {
  const retries = retriesText(films);
  return retries === undefined ? "" : `Retries: ${sentence(retries)}.`;
}

function baseText(films: readonly Plan[], base: Base): string {
  if (base.kind === "none") return `Not compared with a base: ${sentence(base.reason)}.`;
  const at = `${codeSpan(base.name)} (${base.commit.slice(0, 9)})`;
  if (base.kind === "new") return `The storyboard is not in ${at}: everything is new.`;
  const before = totalOf(base.films);
  const run = isPaid(films) ? "a run" : "a run on the paid service";
  const changes = [...base.differences.values()].some(({ length }) => length > 0) || base.gone.length > 0;
  const same = changes ? "" : ", and no scene is different there";
  return `At ${at} ${run} would cost ${before.amount === 0 ? "nothing" : moneyText(before)}${same}${moreText(before, totalOf(films))}.`;
}

/** What a change adds to the price of the next run. Currencies are not converted. */
function moreText(before: Price, now: Price): string {
  if (before.currency !== now.currency) return "";
  const more = shownAmount(now) - shownAmount(before);
  if (Math.abs(more) < 0.005) return "";
  const about = before.kind === "exact" && now.kind === "exact" ? "" : "about ";
  const sum = amountText(Math.abs(more), now.currency);
  return `: this change ${more > 0 ? "adds" : "saves"} **${about}${sum}**`;
}

/** Films of a matrix share clips, so that their prices do not add up. */
function wholeText(films: readonly Plan[], base: Base): string {
  const [first, ...others] = films;
  if (!first || others.length > 0) return "";
  const before = base.kind === "base" ? base.films[0] : undefined;
  const prices = { now: wholePrice(first), ...(before && { before: wholePrice(before) }) };
  return `The whole film, made from nothing: ${changeOfPrice(prices)}.`;
}

function goneText(variant: string): string {
  return `#### ${escapeMarkdown(variant)}\n\nThis film is not made any more.`;
}

function footText(films: readonly Plan[], base: Base, now: number): string {
  const [first] = films;
  if (!first) return "";
  const table = pricesText(first.prices, first.provider.value, now);
  const [before] = base.kind === "base" ? base.films : [];
  const old = before && pricesText(before.prices, first.provider.value, now);
  const unpriced = [...films, ...(base.kind === "base" ? base.films : [])].flatMap((film) =>
    unpricedOf(film),
  );
  const left = [...new Set(unpriced)].map(codeSpan).join(", ");
  const lines = [
    `Prices: ${sentence(table)}${old !== undefined && old !== table ? `; at the base: ${sentence(old)}` : ""}.`,
    ...(left === "" ? [] : [`Not in the sums: ${left}, since no price of the model is known.`]),
  ];
  return `<sub>${lines.join(" ")}</sub>`;
}

/** Also those that are made: they are missing in the price of the whole film. */
function unpricedOf({ scenes, estimate }: Plan): string[] {
  return scenes.map(({ scene }) => scene.id).filter((id) => !estimate.quotes.has(id));
}

function isPaid([first]: readonly Plan[]): boolean {
  return first?.kind === "paid";
}
