/** What a person asks of one run beyond what the storyboard says; scenes by id. */
export interface Wishes {
  /** One more take of each, which becomes the selected one. */
  readonly retake: ReadonlySet<string>;
  /** The takes whose outcome is unknown are given up, and sent anew. */
  readonly resubmit: ReadonlySet<string>;
  /** Only these are made, and the others left as they are; all, where it is absent. */
  readonly only?: ReadonlySet<string>;
}

export const NO_WISHES: Wishes = { retake: new Set(), resubmit: new Set() };
