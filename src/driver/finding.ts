/** One line of what `doctor` tells. */
export interface Finding {
  readonly name: string;
  /** False where something will not work, or not as it is meant. */
  readonly ok: boolean;
  readonly text: string;
}

export const fine = (name: string, text: string): Finding => ({ name, ok: true, text });
export const wrong = (name: string, text: string): Finding => ({ name, ok: false, text });
