// The brushes: seeded chance, gradients, smooth shapes, light.
import { createCanvas } from "@napi-rs/canvas";

/** A generator of numbers in [0, 1) that repeats itself for the same seed (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Draws a picture and returns its JPEG bytes. */
export function paint(width, height, draw) {
  const canvas = createCanvas(width, height);
  const c = canvas.getContext("2d");
  c.lineCap = "round";
  c.lineJoin = "round";
  draw(c, width, height);
  return canvas.encodeSync("jpeg", 82);
}

function stops(gradient, colours) {
  colours.forEach((colour, i) => {
    const [at, value] = Array.isArray(colour) ? colour : [i / (colours.length - 1), colour];
    gradient.addColorStop(at, value);
  });
  return gradient;
}

/** A linear gradient; a colour is a string (evenly spread) or `[position, string]`. */
export const linear = (c, [x0, y0, x1, y1], ...colours) =>
  stops(c.createLinearGradient(x0, y0, x1, y1), colours);

export const radial = (c, x, y, r, ...colours) => stops(c.createRadialGradient(x, y, 0, x, y, r), colours);

/** Fills a polygon with straight edges. */
export function poly(c, style, points) {
  c.beginPath();
  for (const [x, y] of points) c.lineTo(x, y);
  c.closePath();
  c.fillStyle = style;
  c.fill();
}

/** Traces a closed, smooth curve through the points (Catmull-Rom). */
export function trace(c, points, tension = 1) {
  const n = points.length;
  const at = (i) => points[(i + n) % n];
  c.beginPath();
  c.moveTo(...at(0));
  for (let i = 0; i < n; i++) {
    const [a, b, d, e] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const k = tension / 6;
    c.bezierCurveTo(
      b[0] + (d[0] - a[0]) * k,
      b[1] + (d[1] - a[1]) * k,
      d[0] - (e[0] - b[0]) * k,
      d[1] - (e[1] - b[1]) * k,
      d[0],
      d[1],
    );
  }
  c.closePath();
}

/** Fills a smooth shape. */
export function blob(c, style, points, tension) {
  trace(c, points, tension);
  c.fillStyle = style;
  c.fill();
}

/** Points mirrored to the other side of x = 0: half a shape makes a whole one. */
export const mirror = (half) => [...half, ...half.toReversed().map(([x, y]) => [-x, y])];

export function ellipse(c, style, x, y, rx, ry = rx, turn = 0) {
  c.beginPath();
  c.ellipse(x, y, rx, ry, turn, 0, Math.PI * 2);
  c.fillStyle = style;
  c.fill();
}

/** A stroke through points; smooth where there are more than two. */
export function line(c, style, width, points) {
  c.beginPath();
  c.moveTo(...points[0]);
  for (let i = 1; i < points.length - 1; i++) {
    const [x, y] = points[i];
    const [u, v] = points[i + 1];
    const last = i === points.length - 2;
    c.quadraticCurveTo(x, y, last ? u : (x + u) / 2, last ? v : (y + v) / 2);
  }
  if (points.length === 2) c.lineTo(...points[1]);
  c.strokeStyle = style;
  c.lineWidth = width;
  c.stroke();
}

/** Ellipses as one shape, so that a translucent colour does not add up where they overlap. */
export function puff(c, style, parts) {
  c.beginPath();
  for (const [x, y, rx, ry] of parts) {
    c.moveTo(x + rx, y);
    c.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2);
  }
  c.fillStyle = style;
  c.fill();
}

/** Runs `draw` with the state of the context saved around it. */
export function saved(c, draw) {
  c.save();
  draw();
  c.restore();
}

/** Runs `draw` at another origin and scale. */
export function placed(c, x, y, scale, draw) {
  saved(c, () => {
    c.translate(x, y);
    c.scale(scale, Math.abs(scale));
    draw();
  });
}

/** Runs `draw` inside the current path. */
export function inside(c, draw) {
  saved(c, () => {
    c.clip();
    draw();
  });
}

/** Light that adds to what is there. `rgb` is "r,g,b". */
export function glow(c, x, y, r, rgb, strength = 1) {
  saved(c, () => {
    c.globalCompositeOperation = "screen";
    c.fillStyle = radial(
      c,
      x,
      y,
      r,
      `rgba(${rgb},${strength})`,
      [0.35, `rgba(${rgb},${strength * 0.4})`],
      `rgba(${rgb},0)`,
    );
    c.fillRect(x - r, y - r, 2 * r, 2 * r);
  });
}

/** Light that lies on a floor or on water: a flat ellipse of it. */
export function pool(c, x, y, rx, ry, rgb, strength) {
  saved(c, () => {
    c.translate(x, y);
    c.scale(1, ry / rx);
    glow(c, 0, 0, rx, rgb, strength);
  });
}

/** A line of hills from the left edge to the right, filled to the bottom. */
export function ridge(c, width, height, y, rise, waves, seed, style) {
  const next = random(seed);
  const parts = Array.from({ length: 7 }, (_, i) => [waves * 1.7 ** i, next() * 7, rise / 1.75 ** i]);
  const points = [[0, height]];
  for (let x = 0; x <= width; x += 4) {
    const t = (x / width) * Math.PI;
    points.push([
      x,
      y - parts.reduce((sum, [f, p, a]) => sum + a * (0.5 - Math.abs(Math.sin(f * t + p))), 0),
    ]);
  }
  poly(c, style, [...points, [width, height]]);
}

/** Long, flat clouds between two heights. */
export function clouds(c, width, top, bottom, count, seed, style) {
  const next = random(seed);
  for (let i = 0; i < count; i++) {
    const y = top + (bottom - top) * next();
    const length = width * (0.12 + 0.25 * next());
    const x = width * (next() * 1.2 - 0.1);
    const thick = 5 + 16 * next();
    puff(c, style, [
      [x, y, length * 0.7, thick * 0.35],
      ...Array.from({ length: 7 }, () => [
        x + (next() - 0.5) * length,
        y - thick * (next() - 0.1),
        length * (0.08 + 0.2 * next()),
        thick * (0.4 + 0.6 * next()),
      ]),
    ]);
  }
}

export function stars(c, width, height, count, seed) {
  const next = random(seed);
  for (let i = 0; i < count; i++) {
    ellipse(
      c,
      `rgba(240,245,255,${0.2 + 0.7 * next()})`,
      next() * width,
      next() ** 1.5 * height,
      0.5 + 1.2 * next(),
    );
  }
}

/** Short bright dashes on water, denser and shorter towards the horizon. */
export function glitter(c, x, spread, top, bottom, count, seed, rgb) {
  const next = random(seed);
  for (let i = 0; i < count; i++) {
    const depth = next() ** 1.6;
    const y = top + (bottom - top) * depth;
    const reach = spread * (0.25 + depth);
    const length = 5 + 46 * depth * next();
    const at = x + (next() + next() - 1) * reach;
    line(c, `rgba(${rgb},${0.12 + 0.5 * next() * (1 - depth * 0.5)})`, 1 + 3 * depth, [
      [at - length, y],
      [at + length, y],
    ]);
  }
}

export function rain(c, width, height, count, seed, rgb = "200,220,240") {
  const next = random(seed);
  for (let i = 0; i < count; i++) {
    const [x, y, l] = [next() * width * 1.1, next() * height, 14 + 26 * next()];
    line(c, `rgba(${rgb},${0.08 + 0.3 * next()})`, 1.2, [
      [x, y],
      [x - l * 0.22, y + l],
    ]);
  }
}

/** Darker edges, so that the eye stays in the middle. */
export function vignette(c, width, height, strength = 0.45, rgb = "5,10,20") {
  const r = Math.hypot(width, height) / 2;
  c.fillStyle = radial(
    c,
    width / 2,
    height / 2,
    r,
    [0.45, `rgba(${rgb},0)`],
    [1, `rgba(${rgb},${strength})`],
  );
  c.fillRect(0, 0, width, height);
}
