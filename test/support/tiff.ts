/** An uncompressed TIFF of two halves, left red and right blue. */
export function halvesTiff(width: number, height: number): Buffer {
  const [bits, pixels] = [134, 140];
  const tags = [
    [256, 3, 1, width],
    [257, 3, 1, height],
    [258, 3, 3, bits],
    [259, 3, 1, 1],
    [262, 3, 1, 2],
    [273, 4, 1, pixels],
    [277, 3, 1, 3],
    [278, 3, 1, height],
    [279, 4, 1, width * height * 3],
  ] as const;
  const file = Buffer.alloc(pixels + width * height * 3);
  file.write("II*\0\u0008", 0, "latin1");
  file.writeUInt16LE(tags.length, 8);
  for (const [i, [tag, type, count, value]] of tags.entries()) {
    file.writeUInt32LE(tag + type * 65536, 10 + i * 12);
    file.writeUInt32LE(count, 14 + i * 12);
    file.writeUInt32LE(value, 18 + i * 12);
  }
  for (let i = 0; i < 3; i++) file.writeUInt16LE(8, bits + i * 2);
  for (let at = 0; at < width * height; at++)
    file.set(at % width < width / 2 ? [0xc0, 0x20, 0x20] : [0x20, 0x20, 0xc0], pixels + at * 3);
  return file;
}
