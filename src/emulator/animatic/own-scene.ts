import { paintBackdrop } from "./backdrop.ts";
import { paintBand, type PaintBand } from "./band.ts";
import { paintCards, soundPicture, type Card, type CardPlace } from "./cards.ts";
import type { Input } from "./inputs.ts";
import { moodOf } from "./mood.ts";
import type { Shot } from "./shot.ts";
import type { Paint, Stage } from "./stage.ts";
import { paintGrain } from "./weather.ts";
import { badgeOf, languageOf, ordinal } from "./words.ts";

/**
 * A drawn place with the references on it and the band below: what a shot without footage of its own shows.
 * `bandAt` is how far the band is there at a frame, 0 to 1.
 */
export function paintOwnScene(
  shot: Shot,
  cards: readonly Card[],
  place: CardPlace,
  bandAt: (at: number) => number = () => 1,
): Paint {
  const { stage } = shot;
  const layers = [
    paintBackdrop(stage, shot.request.prompt),
    paintCards(stage, cards, place),
    paintGrain(stage),
  ];
  const band = bandOf(shot, false);
  return async (g, at) => {
    for (const paint of layers) await paint(g, at);
    band(g, at, bandAt(at));
  };
}

export function bandOf(shot: Shot, solid: boolean, stage: Stage = shot.stage): PaintBand {
  const { request, label } = shot;
  return paintBand(stage, {
    scene: label.scene,
    take: label.take,
    badge: badgeOf(shot.kind, languageOf(request.prompt)),
    prompt: request.prompt,
    accent: moodOf(request.prompt, shot.stage.seed).palette.glow,
    solid,
    watermark: request.watermark,
  });
}

/** Prints for the references of a shot, but not for those that it shows anyway. */
export function cardsOf(shot: Shot, shown: readonly Input[] = []): Card[] {
  const language = languageOf(shot.request.prompt);
  const counts = { image_url: 0, video_url: 0, audio_url: 0 };
  return shot.inputs.flatMap((input) => {
    const caption = ordinal(input.medium.type, ++counts[input.medium.type], language);
    if (shown.includes(input)) return [];
    return [{ caption, picture: pictureOf(input) }];
  });
}

function pictureOf(input: Input): Card["picture"] {
  switch (input.kind) {
    case "image":
      return input.picture;
    case "clip":
      return input.first;
    case "sound":
      return input.picture ?? soundPicture(input.samples);
  }
}
