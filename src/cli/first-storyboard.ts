/** What `storyc init` writes: three scenes that need no media, each line with what it is for. */
export const FIRST_STORYBOARD = `# yaml-language-server: $schema=./storyboard.schema.json
version: 1
title: A paper boat

# Settings for every scene that does not say otherwise.
defaults:
  resolution: 480p # the cheapest; 720p for the final film
  ratio: "16:9"
  duration: 4 # seconds, 4 to 15

# Ends every prompt, so that the scenes look alike.
style: soft morning light, shallow depth of field, 35mm film

scenes:
  - id: launch
    prompt: A child sets a folded paper boat on a rain-wet street and lets it go.

  # Continues the clip before it. The new clip is the new part only.
  - id: rapids
    extend: previous
    prompt: The boat rushes along the gutter, spins once and slips under a parked bicycle.

  # Begins on the very last picture of another scene.
  - id: harbour
    first_frame: rapids.last_frame
    prompt: The boat drifts out into a wide, still puddle that mirrors the sky.

# Then: \`storyc check\`, \`storyc plan\`, \`storyc render\`. Without a provider everything is rendered
# on the built-in emulator: free, offline, an animatic. For real clips: \`provider: anyfast\`.
`;
