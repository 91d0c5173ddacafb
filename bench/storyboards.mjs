// Storyboards of any size, for measuring. Each scene extends, or starts from, an earlier one.

export function storyboard(scenes) {
  const lines = ["version: 1", "title: Generated", "defaults: { resolution: 480p, duration: 5 }", "scenes:"];
  for (let i = 0; i < scenes; i++) {
    lines.push(
      `  - id: scene-${i}`,
      `    prompt: Scene ${i}, in which the light moves a little further along the wall.`,
    );
    if (i % 4 === 1) lines.push(`    extend: scene-${i - 1}`);
    if (i % 4 === 2) lines.push(`    first_frame: scene-${i - 2}.last_frame`);
  }
  return `${lines.join("\n")}\n`;
}
