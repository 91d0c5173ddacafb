import { canonicalJson, digestOf, type Digest } from "../base/digest.ts";
import { promptText, type LoweredItem, type LoweredScene } from "../seedance/lower.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";
import type { Storyboard } from "../storyboard/types.ts";
import { settledClip, type ScenePlan } from "./scene-plan.ts";

export interface SharingInput {
  readonly storyboard: Storyboard;
  readonly lowered: ReadonlyMap<string, LoweredScene>;
  readonly media: MediaIndex;
}

/**
 * Films of one storyboard that ask for the same clip make it once. The recipe of a clip that hangs on others is
 * not known before they are made, so clips are compared by what is asked for, all the way up.
 */
export class Sharing {
  readonly #input: SharingInput;
  readonly #shared: Map<string, string>;
  readonly #signatures = new Map<string, Digest>();

  /** `shared` goes from film to film and grows. */
  constructor(input: SharingInput, shared: Map<string, string>) {
    this.#input = input;
    this.#shared = shared;
  }

  /** The plan of a scene that another film has made by then; undefined for all others. Upstream scenes come first. */
  share(plan: ScenePlan): ScenePlan | undefined {
    const { id } = plan.scene;
    const lowered = this.#input.lowered.get(id);
    if (!lowered) return undefined;
    const signature = this.#signature(lowered);
    // Films may have selected different takes of the same request: what is made from them is not the same.
    this.#signatures.set(id, settledClip(plan)?.sha256 ?? signature);
    if (plan.action !== "render") return undefined;
    const film = this.#shared.get(`${id} ${signature}`);
    if (film !== undefined)
      return { ...plan, action: "reuse", renders: 0, reasons: [{ kind: "shared", film }] };
    this.#shared.set(`${id} ${signature}`, this.#input.storyboard.variant);
    return undefined;
  }

  #signature(lowered: LoweredScene): Digest {
    const { model, resolution, ratio, duration, generate_audio, watermark, webSearch } = lowered;
    const media = lowered.items.map((item) => ({ role: item.role, source: this.#source(item) }));
    const settings = { model, resolution, ratio, duration, generate_audio, watermark, webSearch };
    return digestOf(canonicalJson({ ...settings, prompt: promptText(lowered), media }));
  }

  #source({ source }: LoweredItem): unknown {
    if (source.kind === "clip") return { clip: this.#signatures.get(source.scene) };
    if (source.kind === "still") return { still: this.#signatures.get(source.scene), which: source.which };
    const file = source.kind === "file" ? this.#input.media.get(source.path) : undefined;
    return file?.kind === "read" ? { file: file.digest } : source;
  }
}
