import type { Figures } from "./simulate.ts";

export function noFigures(): Figures {
  return { steps: 0, runs: 0, kills: 0, powerLosses: 0, troubles: 0, requests: 0, clips: 0 };
}

export function addFigures(sum: Figures, more: Figures): void {
  for (const key of Object.keys(sum) as (keyof Figures)[]) sum[key] += more[key];
}

export function figuresText(figures: Figures): string {
  const { steps, runs, kills, powerLosses, troubles, requests, clips } = figures;
  const many = (count: number, what: string): string => `${count.toLocaleString("en")} ${what}`;
  return [
    many(steps, "steps"),
    many(runs, "runs"),
    `${many(kills, "kills")} (${many(powerLosses, "with a loss of power")})`,
    many(troubles, "runs on a failing disk"),
    many(requests, "paid requests"),
    many(clips, "clips"),
  ].join(", ");
}
