import type { Canvas, SKRSContext2D } from "@napi-rs/canvas";
import { cover } from "./pictures.ts";
import { bandOf } from "./own-scene.ts";
import type { Shot } from "./shot.ts";
import { clamp, mix, smooth, type Paint, type Stage } from "./stage.ts";
import { paintGrain } from "./weather.ts";

/** Frames in which band and grain come in, so that a given picture stands alone where it was asked for. */
const ENTRANCE = 14;
/** How far the camera moves in. */
const PUSH = 0.09;

/** Begins exactly on the first picture and ends, where there is one, exactly on the last. */
export function paintFrames(shot: Shot): Paint {
  const { stage } = shot;
  const pictureWith = (role: string): Canvas | undefined => {
    const input = shot.inputs.find(({ medium }) => medium.role === role);
    return input?.kind === "image" ? cover(input.picture, stage) : undefined;
  };
  const first = pictureWith("first_frame");
  const last = pictureWith("last_frame");
  const band = bandOf(shot, false);
  const grain = paintGrain(stage);
  return async (g, at) => {
    const rest = stage.frames - 1 - at;
    const t = stage.frames > 1 ? at / (stage.frames - 1) : 0;
    if (first) drawMoved(g, stage, first, t, 1);
    if (last) drawMoved(g, stage, last, 1 - t, smooth((t - 0.3) / 0.4));
    if (at === 0 || (last && rest === 0)) return;
    await grain(g, at);
    band(g, at, clamp(Math.min(at, last ? rest : ENTRANCE) / ENTRANCE, 0, 1));
  };
}

/** The picture, moved in on by `t`; at 0 it stands exactly as it is. */
function drawMoved(
  g: SKRSContext2D,
  { width, height }: Stage,
  picture: Canvas,
  t: number,
  alpha: number,
): void {
  if (alpha <= 0) return;
  const scale = 1 + PUSH * mix(t, smooth(t), 0.5);
  g.globalAlpha = alpha;
  const [wide, tall] = [width * scale, height * scale];
  g.drawImage(picture, (width - wide) * 0.5, (height - tall) * 0.42, wide, tall);
  g.globalAlpha = 1;
}
