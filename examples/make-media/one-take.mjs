// The picture of the one-take: a paper boat on a mountain brook, in 21:9.
import {
  blob,
  ellipse,
  glow,
  inside,
  line,
  linear,
  placed,
  poly,
  pool,
  random,
  ridge,
  saved,
  trace,
  vignette,
} from "./draw.mjs";

/** A folded boat, about 300 units wide, its waterline on the origin. */
function paperBoat(c) {
  poly(c, "#e9dfcb", [
    [-150, -52],
    [0, -70],
    [150, -56],
    [0, -40],
  ]);
  poly(c, linear(c, [-80, -190, 70, -40], "#fffdf6", "#e6dac2"), [
    [-4, -196],
    [-82, -44],
    [-2, -34],
  ]);
  poly(c, linear(c, [0, -190, 80, -40], "#d9cbae", "#a8977a"), [
    [-4, -196],
    [-2, -34],
    [76, -46],
  ]);
  poly(c, linear(c, [-160, 0, 10, 0], "#fffaf0", "#efe4ce"), [
    [-166, -66],
    [-2, -34],
    [-6, 28],
    [-96, 14],
  ]);
  poly(c, linear(c, [0, 0, 170, 0], "#d8c9ab", "#a39376"), [
    [172, -70],
    [-2, -34],
    [-6, 28],
    [100, 12],
  ]);
  line(c, "rgba(120,100,70,.5)", 2, [
    [-2, -34],
    [-6, 28],
  ]);
  line(c, "rgba(190,50,44,.8)", 6, [
    [-132, -28],
    [-5, -4],
  ]);
  line(c, "rgba(140,34,36,.8)", 6, [
    [-4, -4],
    [136, -30],
  ]);
}

function reeds(c, x, y, count, seed, tall, tones) {
  const next = random(seed);
  for (let i = 0; i < count; i++) {
    const [u, l, lean] = [x + (next() - 0.5) * 190, tall * (0.5 + next() * 0.6), (next() - 0.5) * 90];
    blob(
      c,
      tones[i % tones.length],
      [
        [u - 4, y],
        [u - 3 + lean * 0.35, y - l * 0.55],
        [u + lean, y - l],
        [u + 5 + lean * 0.35, y - l * 0.5],
        [u + 5, y],
      ],
      0.8,
    );
  }
}

const stone = (c, x, y, rx, ry) => {
  saved(c, () => {
    c.filter = "blur(5px)";
    ellipse(c, "rgba(6,24,28,.5)", x + 6, y + ry * 0.55, rx * 1.08, ry * 0.42);
  });
  const shape = [
    [x - rx, y + ry * 0.3],
    [x - rx * 0.75, y - ry * 0.5],
    [x - rx * 0.1, y - ry],
    [x + rx * 0.65, y - ry * 0.6],
    [x + rx, y + ry * 0.3],
    [x + rx * 0.4, y + ry * 0.55],
    [x - rx * 0.5, y + ry * 0.55],
  ];
  blob(c, linear(c, [x - rx, y - ry, x + rx, y + ry], "#b9bba8", [0.4, "#7b8880"], "#2f4145"), shape);
  trace(c, shape);
  inside(c, () =>
    blob(c, "rgba(110,150,80,.55)", [
      [x - rx, y - ry * 0.2],
      [x - rx * 0.4, y - ry * 1.1],
      [x + rx * 0.5, y - ry * 0.9],
      [x + rx * 0.1, y - ry * 0.45],
      [x - rx * 0.4, y - ry * 0.3],
    ]),
  );
  line(c, "rgba(230,245,240,.6)", 3, [
    [x - rx * 1.15, y + ry * 0.45],
    [x, y + ry * 0.74],
    [x + rx * 1.2, y + ry * 0.42],
  ]);
};

export function boat(c, w, h) {
  c.fillStyle = linear(c, [0, 0, 0, 300], "#bfe0dc", "#eef2cf", "#fdeebb");
  c.fillRect(0, 0, w, h);
  glow(c, 980, 90, 520, "255,240,180", 0.8);
  ridge(c, w, 300, 190, 110, 1.7, 5, linear(c, [0, 60, 0, 300], "#8fb8b4", "#cfe0c2"));
  ridge(c, w, 310, 250, 80, 2.6, 8, linear(c, [0, 150, 0, 310], "#5a9488", "#a9cba0"));
  const next = random(61);
  for (let i = 0; i < 64; i++) {
    const [x, tall] = [next() * w, 46 + 110 * next()];
    if (Math.abs(x - 760) < 150) continue;
    const base = 308 + next() * 10;
    const tone = next() < 0.5 ? "#2f6b5a" : "#3f7f62";
    for (let k = 0; k < 4; k++)
      poly(c, tone, [
        [x, base - tall],
        [x - tall * (0.1 + 0.07 * k), base - tall + (tall * (k + 1.3)) / 4.6],
        [x + tall * (0.1 + 0.07 * k), base - tall + (tall * (k + 1.3)) / 4.6],
      ]);
  }
  c.fillStyle = linear(c, [0, 300, 0, h], "#9cc27a", "#4f8d4f", "#1f5238");
  c.fillRect(0, 304, w, h);
  // The brook winds from the hills to the camera.
  const water = [
    [752, 310],
    [776, 310],
    [800, 330],
    [790, 372],
    [940, 430],
    [1280, 500],
    [1470, 590],
    [1500, 680],
    [-40, 680],
    [-30, 560],
    [260, 480],
    [560, 420],
    [690, 376],
    [735, 332],
  ];
  blob(
    c,
    "rgba(60,50,30,.35)",
    water.map(([x, y]) => [x, y - 9]),
  );
  blob(c, linear(c, [0, 302, 0, h], "#e4f0d8", [0.2, "#8cc7bd"], [0.55, "#3a8d92"], "#0f4a5a"), water);
  trace(c, water);
  inside(c, () => {
    for (let i = 0; i < 150; i++) {
      const d = next() ** 0.8;
      const y = 310 + 330 * d;
      const x = 740 + (next() - 0.5) * 1700 * d;
      const l = 12 + 110 * d * next();
      line(c, `rgba(${next() < 0.6 ? "225,248,240" : "10,60,74"},${0.08 + 0.24 * next()})`, 1 + 3 * d, [
        [x - l, y - l * 0.06],
        [x, y + 5 * d],
        [x + l, y - l * 0.04],
      ]);
    }
    pool(c, 940, 450, 460, 120, "255,240,180", 0.55);
  });
  for (const [x, y, rx, ry] of [
    [640, 388, 30, 16],
    [905, 414, 40, 20],
    [420, 462, 64, 34],
    [1180, 500, 80, 42],
    [1330, 556, 96, 50],
    [200, 540, 90, 44],
  ])
    stone(c, x, y, rx, ry);
  saved(c, () => {
    c.filter = "blur(4px)";
    blob(c, "rgba(6,44,54,.5)", [
      [590, 530],
      [720, 512],
      [880, 526],
      [820, 556],
      [660, 558],
    ]);
    blob(c, "rgba(250,244,226,.4)", [
      [640, 532],
      [735, 528],
      [810, 534],
      [750, 604],
      [722, 604],
    ]);
  });
  placed(c, 735, 516, 0.98, () => paperBoat(c));
  for (const [k, a] of [
    [1, 0.7],
    [1.3, 0.4],
    [1.65, 0.22],
  ])
    line(c, `rgba(235,250,244,${a})`, 4, [
      [735 - 130 * k, 528],
      [735 - 20, 552 + 22 * k],
      [735 + 130 * k, 524],
    ]);
  reeds(c, 90, 650, 26, 71, 330, ["#1f5a3a", "#2f7445", "#174a35", "#6d9a4a"]);
  reeds(c, 1410, 650, 26, 72, 300, ["#1b5238", "#2a6a42", "#123f30", "#7fa850"]);
  for (const [x, y, r] of [
    [150, 360, 9],
    [60, 420, 8],
    [1380, 390, 8],
    [1440, 460, 10],
  ]) {
    for (let k = 0; k < 5; k++)
      ellipse(c, "#fbe9f0", x + Math.cos(k * 1.257) * r, y + Math.sin(k * 1.257) * r, r * 0.75);
    ellipse(c, "#f2b53c", x, y, r * 0.6);
  }
  vignette(c, w, h, 0.35, "4,26,24");
}
