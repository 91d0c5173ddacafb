import type { Deliver } from "./faults/fault.ts";

/** One clip to draw. All paths absolute. */
export interface RenderJob {
  /** File with the body of the request, as it came. */
  readonly body: string;
  /** The header `X-Client-Request-Id`. */
  readonly label: string;
  /** Folder with the clips made here, as `TASK-ID.mp4`. */
  readonly clips: string;
  /** Folder of the asset library. */
  readonly assets: string;
  readonly output: string;
  /** What to make in place of what the body asks for. */
  readonly deliver?: Deliver;
}

export interface RenderedClip {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Of all input videos together, as the service bills them. */
  readonly inputVideoSeconds: number;
}

export type RenderOutcome =
  | { readonly kind: "rendered"; readonly clip: RenderedClip }
  | { readonly kind: "failed"; readonly message: string };

/** Makes clips; never throws for what a request or a medium can do. */
export interface ClipRenderer {
  render(job: RenderJob): Promise<RenderOutcome>;
  /** Ends at once; clips being drawn end as `failed`. */
  close(): Promise<void>;
}
