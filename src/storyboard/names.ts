/** Names of assets and scenes: Unicode letters, digits, `_`, `-`, beginning with a letter. */
const NAME = /^\p{L}[\p{L}\p{M}\p{N}_-]*$/u;
const MOST_CHARACTERS = 64;
/** Windows gives these to devices, with or without an ending. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/i;
/** The scene before the one that refers to it. */
export const PREVIOUS = "previous";

/** Why a text cannot name an asset or a scene; undefined when it can. */
export function nameProblem(name: string): string | undefined {
  if (!NAME.test(name)) return "a name is letters, digits, `_` and `-`, and begins with a letter";
  if (name.length > MOST_CHARACTERS && [...name].length > MOST_CHARACTERS)
    return `a name has at most ${MOST_CHARACTERS} characters`;
  if (DEVICES.test(name)) return "Windows keeps this name for a device, and clips are files of this name";
  if (name === PREVIOUS) return `\`${name}\` means the scene before this one`;
  return undefined;
}

/** The variant of a storyboard without `matrix`, rendered without a profile. */
export const MAIN_NAME = "main";

/** Most names, which are their own folded form. */
const PLAIN = /^[a-z0-9_-]*$/;

/** Two names that a file system may take for one. */
export function foldName(name: string): string {
  if (PLAIN.test(name)) return name;
  return name.normalize("NFC").toLowerCase();
}
