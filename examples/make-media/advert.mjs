// Pictures of the advertisement: an insulated bottle named Fjell.
import {
  blob,
  clouds,
  ellipse,
  glow,
  inside,
  line,
  linear,
  placed,
  poly,
  radial,
  random,
  ridge,
  saved,
  trace,
  vignette,
} from "./draw.mjs";

const mark = (c, style) => {
  line(c, style, 7, [
    [-46, 30],
    [-12, -30],
  ]);
  line(c, style, 7, [
    [-12, -30],
    [10, 8],
  ]);
  line(c, style, 7, [
    [0, -8],
    [18, -38],
  ]);
  line(c, style, 7, [
    [18, -38],
    [48, 30],
  ]);
  ellipse(c, style, 30, -58, 8);
};

/** The bottle, 700 units tall, standing on the origin. */
function bottle(c, open = false) {
  const green = linear(
    c,
    [-112, 0, 112, 0],
    "#0d2c29",
    [0.14, "#1d5a50"],
    [0.27, "#6fb5a0"],
    [0.36, "#2a7164"],
    [0.68, "#14463f"],
    [0.9, "#0a2422"],
    "#1f5049",
  );
  const copper = linear(
    c,
    [-80, 0, 80, 0],
    "#5f2d17",
    [0.2, "#c87a4a"],
    [0.32, "#ffd9b0"],
    [0.45, "#d58a55"],
    [0.75, "#8a4a26"],
    "#4b2212",
  );
  trace(
    c,
    [
      [-108, -6],
      [-110, -120],
      [-110, -400],
      [-100, -478],
      [-66, -524],
      [-62, -560],
      [62, -560],
      [66, -524],
      [100, -478],
      [110, -400],
      [110, -120],
      [108, -6],
      [80, 4],
      [-80, 4],
    ],
    0.8,
  );
  c.fillStyle = green;
  c.fill();
  inside(c, () => {
    c.fillStyle = copper;
    c.fillRect(-130, -36, 260, 60);
    c.fillStyle = "rgba(255,255,255,.15)";
    c.fillRect(-82, -480, 14, 440);
    c.fillStyle = linear(c, [0, -560, 0, -440], "rgba(0,0,0,.35)", "rgba(0,0,0,0)");
    c.fillRect(-130, -560, 260, 120);
  });
  placed(c, 4, -270, 1.15, () => mark(c, "#f2cfa6"));
  c.fillStyle = copper;
  c.fillRect(-64, -578, 128, 26);
  if (open) {
    ellipse(c, "#2a1a12", 0, -578, 60, 11);
    return;
  }
  blob(
    c,
    copper,
    [
      [-72, -580],
      [-72, -672],
      [-56, -694],
      [56, -694],
      [72, -672],
      [72, -580],
      [0, -574],
    ],
    0.5,
  );
  for (let x = -60; x <= 60; x += 15)
    line(c, "rgba(60,24,8,.3)", 3, [
      [x, -590],
      [x, -664],
    ]);
  ellipse(c, "rgba(255,230,200,.5)", -18, -688, 34, 5);
}

const steam = (c, x, y, size, alpha = 0.5) =>
  saved(c, () => {
    c.filter = `blur(${Math.round(size / 14)}px)`;
    for (const [k, l] of [
      [-0.16, 1],
      [0.05, 1.3],
      [0.22, 0.9],
    ])
      line(c, `rgba(255,246,232,${alpha})`, size * 0.09, [
        [x + k * size, y],
        [x + (k + 0.18) * size, y - 0.3 * l * size],
        [x + (k - 0.16) * size, y - 0.6 * l * size],
        [x + (k + 0.1) * size, y - l * size],
      ]);
  });

/** The copper cap is the cup, 120 units wide. */
function cup(c) {
  const copper = linear(c, [-70, 0, 70, 0], "#6c351b", [0.25, "#f0b886"], [0.45, "#cf8350"], "#552812");
  blob(
    c,
    copper,
    [
      [-70, -100],
      [-62, -12],
      [-44, 0],
      [44, 0],
      [62, -12],
      [70, -100],
      [0, -90],
    ],
    0.5,
  );
  ellipse(c, "#8f502c", 0, -100, 70, 14);
  ellipse(c, "#2d1409", 0, -97, 60, 10);
}

const shadow = (c, x, y, rx, ry, alpha = 0.45) =>
  saved(c, () => {
    c.filter = "blur(12px)";
    ellipse(c, `rgba(20,8,4,${alpha})`, x, y, rx, ry);
  });

function studio(c, w, h) {
  c.fillStyle = radial(c, w * 0.42, h * 0.38, h * 0.8, "#fbe3c6", [0.5, "#e5b086"], "#9a5a41");
  c.fillRect(0, 0, w, h);
  ellipse(
    c,
    linear(c, [0, h * 0.1, 0, h * 0.7], "rgba(255,246,230,.75)", "rgba(255,226,190,0)"),
    w / 2,
    h * 0.42,
    w * 0.37,
  );
  c.fillStyle = linear(c, [0, h * 0.8, 0, h], "#c98a63", "#7d4632");
  c.fillRect(0, h * 0.8, w, h);
}

const plinth = (c, x, y, rx, tall) => {
  c.fillStyle = linear(c, [x - rx, 0, x + rx, 0], "#d9a27a", [0.3, "#f6d7b4"], "#8e553a");
  c.fillRect(x - rx, y, 2 * rx, tall);
  ellipse(c, "#8e553a", x, y + tall, rx, rx * 0.16);
  c.fillRect(x - rx, y, 2 * rx, tall);
  ellipse(c, linear(c, [x - rx, 0, x + rx, 0], "#fbe4c8", "#d8a67f"), x, y, rx, rx * 0.16);
};

export function packshot(c, w, h) {
  studio(c, w, h);
  shadow(c, w / 2 + 60, h * 0.93, 290, 34, 0.35);
  plinth(c, w / 2, h * 0.83, 250, h * 0.09);
  shadow(c, w / 2 + 34, h * 0.838, 130, 16);
  placed(c, w / 2, h * 0.84, 1, () => bottle(c));
  vignette(c, w, h, 0.3, "60,20,10");
}

export function served(c, w, h) {
  studio(c, w, h);
  shadow(c, w / 2 + 60, h * 0.93, 330, 34, 0.35);
  plinth(c, w / 2, h * 0.83, 300, h * 0.09);
  for (const [x, r] of [
    [300, 120],
    [540, 84],
  ])
    shadow(c, x + 24, h * 0.84, r, 14);
  placed(c, 290, h * 0.84, 0.95, () => bottle(c, true));
  placed(c, 540, h * 0.85, 1.05, () => cup(c));
  steam(c, 540, h * 0.74, 230, 0.6);
  steam(c, 290, h * 0.28, 120, 0.35);
  vignette(c, w, h, 0.3, "60,20,10");
}

/** First light on a summit, the bottle on the rock: the frame that the second scene starts from. */
export function summit(c, w, h) {
  c.fillStyle = linear(c, [0, 0, 0, 860], "#22385f", "#5b5f8d", "#c77f86", "#f6b078", "#ffe2a6");
  c.fillRect(0, 0, w, h);
  clouds(c, w, 90, 380, 8, 3, "rgba(255,190,170,.2)");
  clouds(c, w, 330, 600, 8, 4, "rgba(255,225,180,.28)");
  glow(c, 480, 640, 560, "255,190,110", 0.9);
  ellipse(c, radial(c, 480, 640, 62, "#fffdf0", "#fff0c0", "#ffd98c"), 480, 640, 58);
  for (const [y, rise, waves, seed, top, foot] of [
    [690, 130, 1.6, 2, "#b98592", "#e9b08e"],
    [770, 150, 1.9, 21, "#8a6a86", "#c98f86"],
    [860, 140, 1.4, 33, "#5a4f72", "#a0717c"],
    [950, 110, 2.1, 46, "#33395a", "#6a5570"],
  ]) {
    ridge(c, w, h, y, rise, waves, seed, linear(c, [0, y - rise, 0, y + 190], top, foot));
    clouds(c, w, y + 50, y + 110, 4, seed, "rgba(255,220,190,.22)");
  }
  // The rock in front, lit along its edge.
  const edge = [
    [0, 1120],
    [120, 1086],
    [250, 1070],
    [330, 1046],
    [470, 1052],
    [600, 1084],
    [720, 1068],
  ];
  poly(c, linear(c, [0, 1050, 0, h], "#4b3d4a", "#16151f"), [...edge, [w, h], [0, h]]);
  trace(c, [...edge, [w, h], [0, h]], 0);
  inside(c, () => {
    const next = random(29);
    for (let i = 0; i < 70; i++) {
      const [x, y, s] = [next() * w, 1060 + 230 * next(), 16 + 60 * next()];
      const tone = i % 3 ? `rgba(4,4,14,${0.12 + 0.2 * next()})` : `rgba(255,186,140,${0.05 + 0.1 * next()})`;
      poly(c, tone, [
        [x, y],
        [x + s, y - s * 0.3 * next()],
        [x + s * (0.7 + 0.4 * next()), y + s * 0.4],
        [x + s * 0.2, y + s * (0.3 + 0.4 * next())],
      ]);
    }
  });
  edge.slice(1).forEach((point, i) => line(c, "rgba(255,214,160,.75)", 5, [edge[i], point]));
  shadow(c, 330, 1064, 130, 16, 0.6);
  placed(c, 300, 1062, 0.82, () => bottle(c, true));
  placed(c, 470, 1066, 0.85, () => cup(c));
  steam(c, 470, 960, 220, 0.55);
  glow(c, 396, 760, 190, "255,200,130", 0.5);
  vignette(c, w, h, 0.35, "20,10,30");
}
