import { error, warning, type CatalogueEntry } from "./catalogue-entry.ts";
import { PROJECT_CODES } from "./catalogue-project.ts";

/** Every code that storyc can report: the list is closed, a code is never given a second meaning. */
export const CATALOGUE = {
  "syntax/yaml": error(
    "The file is not valid YAML, or more than one document.",
    "Nothing after the mistake can be understood safely.",
    "Mend the marked place. Texts that begin with `@`, `*`, `&` or hold `: ` need quotes.",
  ),
  "syntax/encoding": error(
    "The file is not UTF-8 text.",
    "Other encodings would turn prompts into other words without anyone noticing.",
    "Save the file as UTF-8.",
  ),
  "syntax/duplicate-key": error(
    "A key is given twice in one mapping.",
    "YAML would keep one of the two silently.",
    "Keep one of them.",
  ),
  "syntax/too-deep": error(
    "The document is nested too deeply.",
    "No storyboard needs it, and reading it would fail.",
    "Remove the nesting.",
  ),
  "syntax/alias-expansion": error(
    "Aliases multiply the file beyond every sensible size.",
    "A few lines of aliases can stand for billions of values.",
    "Refer to fewer anchors from inside anchors.",
  ),
  "schema/unknown-key": error(
    "A key that the language does not have.",
    "A misspelt setting would be ignored, and the clip paid for without it.",
    "Correct the spelling. Keys for your own use begin with `x-` at the top of the file.",
  ),
  "schema/missing-key": error(
    "A key that must be there is missing.",
    "Without it the entry means nothing.",
    "Add it.",
  ),
  "schema/type": error(
    "A value is of the wrong type.",
    "YAML reads `yes`, `1.0` and `on` as other things than text.",
    "Write the type that is asked for; quotes make a text.",
  ),
  "schema/value": error(
    "A value is outside of what is allowed.",
    "The service would refuse the request, or bill for something else.",
    "Use one of the allowed values.",
  ),
  "variables/unknown": error(
    "A text uses a variable that is not declared.",
    "The model would be shown the placeholder.",
    "Declare it under `variables`, or correct its name.",
  ),
  "variables/duplicate": error(
    "A variable is declared twice, perhaps in two files.",
    "It would hang on the order of the files which value counts.",
    "Keep one declaration.",
  ),
  "include/unreadable": error(
    "An included file does not exist or cannot be read.",
    "Its scenes and assets would be missing.",
    "Correct the path; it is relative to the file that includes.",
  ),
  "include/cycle": error(
    "Files that include each other.",
    "There would be no end.",
    "Remove one of the includes.",
  ),
  "include/twice": error(
    "A file is included twice.",
    "Its scenes would stand in the film twice, under the same names.",
    "Include it once.",
  ),
  "include/main-only": error(
    "A key that only the storyboard itself may have, in an included file.",
    "Settings that reach over several files are set in one place.",
    "Move the key to the storyboard.",
  ),
  "prices/incomplete": error(
    "The prices lack what they need: rates, or their date.",
    "A price that nobody knows would let a run pass `--max-cost`, and an undated one grows wrong in silence.",
    "Give `currency`, `as_of`, and the rates of the model; or a `currency` alone for the maker's list.",
  ),
  "store/bad-setting": error(
    "A setting of the store that cannot be used.",
    "Clips would be sent to another place, or links to them would travel in the clear.",
    "Give the server's address with `https://`, without the bucket.",
  ),
  "matrix/unknown-key": error(
    "The matrix goes over something that is neither a setting nor a declared variable.",
    "Every film of it would be the same.",
    "Declare the variable, or correct the name.",
  ),
  "matrix/too-many": error(
    "The matrix makes too many films.",
    "Each film is paid, and combinations multiply quickly.",
    "Leave some values out.",
  ),
  "matrix/same-output": error(
    "Two films of the matrix have the same file name.",
    "They could not be told apart.",
    "Use the keys of the matrix in `film.output`, such as `film-${ratio}.mp4`.",
  ),
  "profiles/unknown": error(
    "A profile that the storyboard does not have.",
    "The film would be rendered with other settings than were asked for.",
    "Use one of the storyboard's profiles.",
  ),
  "resolve/no-scenes": error("A storyboard without scenes.", "There is no film to make.", "Add a scene."),
  "variables/unused": warning(
    "A variable that no text uses.",
    "It was probably misspelt somewhere, or forgotten.",
    "Use it or remove it.",
  ),
  "resolve/bad-name": error(
    "A name that cannot name an asset or a scene.",
    "Names are used in prompts and as file names on every system.",
    "Use letters, digits, `_` and `-`, beginning with a letter.",
  ),
  "resolve/duplicate-name": error(
    "Two assets or scenes have the same name.",
    "A reference would be ambiguous, and clips would overwrite each other.",
    "Rename one of them.",
  ),
  "resolve/former-name": error(
    "A scene that was named as another scene is now, or as another scene was.",
    "The takes that were made under the name can belong to one scene only.",
    "Give the name that the scene had before, or take `was` out.",
  ),
  "resolve/unknown-name": error(
    "A reference to a name that nothing has.",
    "The request would go out without what the author meant.",
    "Correct the name, or declare it.",
  ),
  "resolve/bad-address": error(
    "A reference that is neither a name, a path nor a web address.",
    "Paths begin with `./`, `../` or `/`, so that they cannot be taken for names.",
    "Write the path with `./` in front.",
  ),
  "resolve/no-previous": error(
    "`previous` in the first scene.",
    "There is no scene before it.",
    "Name a scene or an asset.",
  ),
  "resolve/not-a-scene": error(
    "A still of something that is not a scene.",
    "Only scenes have a first and a last frame.",
    "Name the asset itself.",
  ),
  "resolve/empty-asset": error(
    "An asset without a medium.",
    "There is nothing to show to the model.",
    "Give it `image`, `images`, `video` or `audio`.",
  ),
  "resolve/mixed-asset": error(
    "An asset with media of different kinds.",
    "A mention could not be lowered to one kind of ordinal.",
    "Make one asset of each.",
  ),
  "resolve/cycle": error(
    "Scenes that need each other's clips.",
    "None of them could be the first to be rendered.",
    "Let one of them start from something else.",
  ),
  "mode/conflict": error(
    "Two keys that make different kinds of request of one scene.",
    "The service takes frames, references and plain text in separate modes and refuses a mix.",
    "Keep one, or make two scenes.",
  ),
  "mode/last-without-first": error(
    "A last frame without a first frame.",
    "The service knows only a first frame, or a first and a last one.",
    "Add `first_frame`.",
  ),
  "bridge/same-clip": error(
    "A bridge that joins a clip to itself.",
    "The service is told to go from one video to another, and there is only one.",
    "Name two different clips, or extend the one.",
  ),
  "mode/no-prompt": error(
    "A scene without a prompt that needs one.",
    "A text scene without text, or an edit that does not say what changes, has nothing to render.",
    "Add `prompt`.",
  ),
  "media/unreadable": error(
    "A file that does not exist or cannot be read.",
    "The request could not be sent.",
    "Correct the path, or add the file.",
  ),
  "media/secret-link": warning(
    "A link that holds a signature, a token or a password.",
    "Whoever reads the storyboard can use it, and such links expire: the scene cannot be rendered again later.",
    "Use a file, an asset of the provider's library, or a link that needs no secret.",
  ),
  "media/outside-root": error(
    "A path that leaves the project.",
    "A storyboard from a pull request must not be able to send other files of the machine to a service.",
    "Copy the file into the project, or allow it with `--allow-outside`.",
  ),
  "media/wrong-kind": error(
    "A medium of the wrong kind.",
    "A frame must be a picture, a clip to extend or edit must be a video.",
    "Refer to a medium of the right kind.",
  ),
  "media/bad-format": error(
    "A file whose content the service does not take.",
    "The service looks at the bytes, not at the name.",
    "Convert it to one of the formats named.",
  ),
  "media/limits": error(
    "A file outside of the service's limits.",
    "The service would refuse it.",
    "Make it fit the limits named.",
  ),
  "media/unknown-kind": error(
    "A reference of which nobody can tell whether it is a picture, a clip or a sound.",
    "Its place in the request and its name in the prompt hang on that, and nothing is fetched to find out.",
    "Declare it as an asset under `image`, `video` or `audio`, and refer to the asset.",
  ),
  "references/too-many": error(
    "More references than one request may hold.",
    "The service refuses the request.",
    "Leave the least important ones out.",
  ),
  "references/too-long": error(
    "Clips or sounds of one scene that are too long together.",
    "The service takes at most 15 seconds of video and 15 seconds of sound in one request.",
    "Shorten one of them, or leave one out. The clip of a bridge holds its sources as well.",
  ),
  "references/audio-alone": error(
    "Sound without a picture or a video.",
    "The service takes sound only together with an image or a video.",
    "Add a picture or a clip, or remove the sound.",
  ),
  "mentions/outside-prompt": warning(
    "A name with `@` in a style, a description or a line of dialogue.",
    "Only prompts have mentions: the model would be shown the sign, and not what it stands for.",
    "Mention it in the prompt, and write the name without `@` elsewhere.",
  ),
  "references/unmentioned": warning(
    "A reference that the prompt does not mention.",
    "The model is shown it, but not told what it is for.",
    "Mention it in the prompt with `@`.",
  ),
  "request/too-large": warning(
    "A request that is larger than the service takes.",
    "Local pictures and sounds travel inside of the request as Base64, a third larger than on disk. What does not fit can only go by a link.",
    "Make the pictures smaller, use fewer, give them as web addresses, or name a bucket under `store`.",
  ),
  "frames/crop": warning(
    "A first or last frame of another shape than the clip.",
    "The service cuts off what does not fit, and does not ask where.",
    "Crop the picture to the size of the clip yourself, or write `ratio: adaptive`.",
  ),
  "assets/unused": warning(
    "An asset that no scene refers to.",
    "It was probably forgotten in a prompt, or left over.",
    "Mention it with `@`, or remove it.",
  ),
  "dialogue/too-long": warning(
    "More dialogue than can be spoken before the clip ends.",
    "The model hurries, or leaves out what does not fit.",
    "Raise `duration`, shorten the lines, or split the scene.",
  ),
  "dialogue/beyond-clip": warning(
    "A line that begins or ends after the clip.",
    "Its subtitle would stand over the next scene.",
    "Let it begin earlier, shorten it, or raise `duration`.",
  ),
  "extend/long-chain": warning(
    "A long chain of extends.",
    "Each round loses picture quality, and the whole chain runs one after another.",
    "Begin anew from a still: `first_frame: SCENE.last_frame`.",
  ),
  "prompt/long": warning(
    "A prompt beyond the advised length.",
    "The model loses details of long prompts.",
    "Shorten it, or split the scene.",
  ),
  "film/unused-scene": warning(
    "A scene that the film does not show and no other scene needs.",
    "Its clip would be paid for and seen by nobody.",
    "Add it to `film.scenes`, or remove the scene.",
  ),
  "film/output-taken": error(
    "The film has the name of a scene's clip.",
    "Both lie in one folder, and one would overwrite the other.",
    "Give the film another name under `film.output`.",
  ),
  ...PROJECT_CODES,
} as const satisfies Record<string, CatalogueEntry>;

export type DiagnosticCode = keyof typeof CATALOGUE;
