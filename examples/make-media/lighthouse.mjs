// Pictures of "The Last Lighthouse".
import {
  blob,
  clouds,
  ellipse,
  glitter,
  glow,
  inside,
  line,
  linear,
  placed,
  poly,
  puff,
  radial,
  random,
  ridge,
  saved,
  stars,
  trace,
  vignette,
} from "./draw.mjs";
import { keeperFigure } from "./people.mjs";

/** A lighthouse 1000 units tall that stands on the origin; light comes from the left. */
function lighthouse(c, { lit = 0.6 } = {}) {
  const wall = linear(c, [-130, 0, 130, 0], "#d9d3c6", [0.22, "#fbf5e8"], [0.55, "#cfc9c1"], "#74787f");
  const red = linear(c, [-130, 0, 130, 0], "#a8352d", [0.25, "#d2483a"], [0.6, "#9c2d2b"], "#551b22");
  poly(c, wall, [
    [-130, 0],
    [-82, -700],
    [82, -700],
    [130, 0],
  ]);
  trace(
    c,
    [
      [-130, 0],
      [-82, -700],
      [82, -700],
      [130, 0],
    ],
    0,
  );
  inside(c, () => {
    for (const [y, h] of [
      [-232, 120],
      [-520, 110],
    ])
      blob(
        c,
        red,
        [
          [-200, y],
          [0, y + 18],
          [200, y],
          [200, y + h],
          [0, y + h + 20],
          [-200, y + h],
        ],
        0.5,
      );
    for (let y = -660; y < 0; y += 44)
      line(c, "rgba(60,60,80,.09)", 3, [
        [-140, y],
        [0, y + 16],
        [140, y],
      ]);
  });
  for (const [x, y] of [
    [-18, -580],
    [14, -350],
    [-16, -150],
  ]) {
    ellipse(c, "#343a46", x, y - 26, 15, 15);
    c.fillStyle = linear(c, [0, y - 30, 0, y + 22], "#ffd98a", "#c47a34");
    c.fillRect(x - 11, y - 26, 22, 48);
    line(c, "#343a46", 4, [
      [x, y - 28],
      [x, y + 22],
    ]);
  }
  blob(
    c,
    "#3a2420",
    [
      [-34, 0],
      [-34, -84],
      [0, -112],
      [34, -84],
      [34, 0],
    ],
    0.5,
  );
  ellipse(c, "#e0b860", 20, -44, 4);
  // Gallery, lantern room, dome.
  poly(c, "#3a4048", [
    [-82, -700],
    [-118, -734],
    [118, -734],
    [82, -700],
  ]);
  for (let x = -112; x <= 112; x += 28)
    line(c, "#262b33", 4, [
      [x, -736],
      [x, -784],
    ]);
  line(c, "#262b33", 6, [
    [-114, -784],
    [114, -784],
  ]);
  c.fillStyle = linear(c, [-66, 0, 66, 0], "#5d7684", "#ffe9ae", "#fff7d8", "#ffdf95", "#40586a");
  c.fillRect(-66, -860, 132, 126);
  ellipse(c, radial(c, 0, -796, 46, "#ffffff", "#fff3c0", "rgba(255,205,110,.2)"), 0, -796, 36, 52);
  for (const x of [-66, -33, 0, 33, 66])
    line(c, "#2b3038", 5, [
      [x, -860],
      [x, -734],
    ]);
  line(c, "#2b3038", 5, [
    [-66, -798],
    [66, -798],
  ]);
  blob(
    c,
    red,
    [
      [-88, -856],
      [-78, -880],
      [-52, -930],
      [0, -952],
      [52, -930],
      [78, -880],
      [88, -856],
      [0, -850],
    ],
    0.8,
  );
  line(c, "#2b3038", 7, [
    [0, -950],
    [0, -1000],
  ]);
  ellipse(c, "#2b3038", 0, -958, 13);
  glow(c, 0, -796, 420, "255,205,120", lit);
}

const beam = (c, x, y, length, spread, tilt, alpha) =>
  saved(c, () => {
    c.globalCompositeOperation = "screen";
    poly(c, linear(c, [x, y, x + length, y + tilt], `rgba(255,226,160,${alpha})`, "rgba(255,226,160,0)"), [
      [x, y - 8],
      [x + length, y + tilt - spread],
      [x + length, y + tilt + spread],
      [x, y + 8],
    ]);
  });

const gull = (c, x, y, s, style) => {
  line(c, style, s * 0.13, [
    [x - s, y - s * 0.1],
    [x - s * 0.5, y - s * 0.55],
    [x, y],
  ]);
  line(c, style, s * 0.13, [
    [x, y],
    [x + s * 0.5, y - s * 0.6],
    [x + s, y - s * 0.2],
  ]);
};

function swell(c, w, h, top, rows, seed, light) {
  const next = random(seed);
  for (let i = 0; i < rows; i++) {
    const depth = (i + 1) / rows;
    const y = top + (h - top) * depth ** 1.7;
    for (let k = 0; k < 9; k++) {
      const [x, l] = [next() * w, (30 + 170 * next()) * depth + 12];
      line(c, `rgba(${light},${0.05 + 0.13 * next()})`, 1 + 4 * depth * next(), [
        [x - l, y],
        [x, y - 7 * depth],
        [x + l, y + 3 * depth],
      ]);
    }
  }
}

/** Faces of rock: dark polygons with lit upper edges. */
function rocks(c, points, seed, dark, lit) {
  const next = random(seed);
  poly(c, dark, points);
  trace(c, points, 0);
  inside(c, () => {
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    const [wide, tall] = [Math.max(...xs) - left, Math.max(...ys) - top];
    for (let i = 0; i < 90; i++) {
      const [x, y, s] = [left + wide * next(), top + tall * next(), 10 + 36 * next()];
      poly(c, i % 3 ? "rgba(5,12,20,.3)" : lit, [
        [x, y],
        [x + s * 0.8, y - s * 0.35 * next()],
        [x + s * (0.6 + next() * 0.5), y + s * (0.4 + next())],
        [x + s * 0.1, y + s * (0.3 + 0.6 * next())],
      ]);
    }
  });
}

const foam = (c, points, seed) => {
  const next = random(seed);
  for (const [x, y] of points)
    for (const alpha of [0.3, 0.55])
      puff(
        c,
        `rgba(225,236,238,${alpha})`,
        Array.from({ length: 9 }, () => [
          x + (next() - 0.5) * 120,
          y + (next() - 0.4) * 16,
          6 + 22 * next(),
          1.5 + 4 * next(),
        ]),
      );
};

export function coast(c, w, h) {
  c.fillStyle = linear(c, [0, 0, 0, 450], "#16303f", "#2f5865", "#6f8d8c", "#d9a987", "#f3c48e");
  c.fillRect(0, 0, w, h);
  glow(c, 300, 445, 520, "255,170,90", 0.75);
  ellipse(c, radial(c, 300, 430, 52, "#fffbe6", "#ffe4a2", "#ffc474"), 300, 430, 46);
  clouds(c, w, 60, 220, 9, 5, "rgba(28,52,66,.28)");
  clouds(c, w, 230, 390, 10, 9, "rgba(120,84,84,.22)");
  clouds(c, w, 250, 400, 6, 14, "rgba(255,214,160,.22)");
  ridge(c, w, 470, 440, 34, 2.2, 3, "rgba(92,104,112,.75)");
  ridge(c, w, 470, 456, 24, 3.1, 8, "rgba(58,78,88,.9)");
  c.fillStyle = linear(c, [0, 452, 0, h], "#c99f80", [0.1, "#7d8d8b"], [0.4, "#33606b"], "#0c2632");
  c.fillRect(0, 452, w, h - 452);
  swell(c, w, h, 456, 26, 12, "190,220,215");
  glitter(c, 300, 210, 458, 700, 210, 6, "255,222,160");
  // The headland, the keeper's house and the light.
  rocks(
    c,
    [
      [690, 500],
      [742, 440],
      [800, 424],
      [850, 372],
      [905, 352],
      [1010, 340],
      [1080, 352],
      [1150, 330],
      [1280, 342],
      [1280, 560],
      [1200, 540],
      [1100, 556],
      [980, 530],
      [880, 540],
      [780, 514],
    ],
    4,
    "#1e2f38",
    "rgba(214,160,118,.2)",
  );
  line(c, "rgba(240,190,130,.5)", 4, [
    [742, 440],
    [800, 424],
    [850, 372],
    [905, 352],
    [1010, 340],
    [1080, 352],
  ]);
  poly(c, "#e9dccb", [
    [1056, 352],
    [1056, 304],
    [1150, 304],
    [1150, 346],
  ]);
  poly(c, "#9d9aa0", [
    [1150, 346],
    [1150, 304],
    [1172, 290],
    [1186, 304],
    [1186, 342],
  ]);
  poly(c, "#8e3a33", [
    [1046, 308],
    [1072, 270],
    [1166, 270],
    [1158, 308],
  ]);
  for (const x of [1076, 1114])
    poly(c, "#ffce74", [
      [x, 318],
      [x + 14, 318],
      [x + 14, 336],
      [x, 336],
    ]);
  beam(c, 970, 116, -760, 76, -40, 0.55);
  beam(c, 970, 116, 340, 36, 20, 0.4);
  placed(c, 970, 350, 0.295, () => lighthouse(c, { lit: 0.95 }));
  foam(
    c,
    [
      [700, 506],
      [790, 520],
      [890, 544],
      [1000, 538],
      [1110, 560],
      [1220, 548],
    ],
    7,
  );
  rocks(
    c,
    [
      [0, 640],
      [70, 600],
      [150, 622],
      [220, 652],
      [330, 668],
      [420, 720],
      [0, 720],
    ],
    9,
    "#0c1a22",
    "rgba(230,160,100,.16)",
  );
  rocks(
    c,
    [
      [860, 720],
      [930, 672],
      [1040, 660],
      [1120, 622],
      [1210, 630],
      [1280, 600],
      [1280, 720],
    ],
    10,
    "#08161e",
    "rgba(160,140,120,.13)",
  );
  foam(
    c,
    [
      [380, 706],
      [300, 676],
      [900, 700],
      [1010, 672],
    ],
    17,
  );
  for (const [x, y, s] of [
    [520, 190, 22],
    [580, 150, 16],
    [640, 216, 13],
    [460, 246, 11],
    [700, 118, 10],
  ])
    gull(c, x, y, s, "#e9e2d6");
  vignette(c, w, h, 0.4);
}

export function tower(c, w, h) {
  c.fillStyle = linear(c, [0, 0, 0, h], "#284a5a", "#6f929b", "#d8d0bd", "#e9c79c");
  c.fillRect(0, 0, w, h);
  clouds(c, w, 120, 700, 16, 31, "rgba(245,240,228,.24)");
  clouds(c, w, 380, 760, 8, 33, "rgba(70,98,110,.2)");
  c.fillStyle = linear(c, [0, 760, 0, h], "#8aa5a6", "#28505c", "#12313d");
  c.fillRect(0, 764, w, h - 764);
  swell(c, w, h, 768, 18, 41, "225,238,235");
  rocks(
    c,
    [
      [40, 930],
      [120, 860],
      [210, 842],
      [300, 806],
      [500, 800],
      [590, 836],
      [680, 868],
      [740, 940],
      [768, 1024],
      [0, 1024],
    ],
    44,
    "#22333b",
    "rgba(222,196,160,.2)",
  );
  placed(c, w / 2, 818, 0.76, () => lighthouse(c, { lit: 0.55 }));
  for (let i = 0; i < 7; i++)
    poly(c, i % 2 ? "#7b7a75" : "#8f8c85", [
      [360 - i * 7, 816 + i * 17],
      [408 + i * 7, 816 + i * 17],
      [413 + i * 8, 832 + i * 17],
      [355 - i * 8, 832 + i * 17],
    ]);
  foam(
    c,
    [
      [60, 960],
      [130, 985],
      [690, 930],
      [720, 980],
    ],
    45,
  );
  for (const [x, y, s] of [
    [150, 260, 24],
    [230, 200, 17],
    [610, 330, 20],
    [560, 420, 12],
  ])
    gull(c, x, y, s, "#f6f1e6");
  vignette(c, w, h, 0.3);
}

/** The lamp room at night: the great lens, burning, and the keeper before it. */
export function lamp(c, w, h) {
  c.fillStyle = linear(c, [0, 0, 0, h], "#0b1a2b", "#17344a", "#24485a");
  c.fillRect(0, 0, w, h);
  stars(c, w, 380, 130, 51);
  ridge(c, w, 470, 455, 26, 2.4, 53, "#10283a");
  c.fillStyle = linear(c, [0, 455, 0, h], "#21485a", "#0b2230");
  c.fillRect(0, 455, w, h - 455);
  glitter(c, 640, 420, 462, 600, 130, 54, "255,210,130");
  glow(c, 640, 320, 720, "255,180,80", 0.75);
  for (const side of [-1, 1]) beam(c, 640 + side * 60, 316, side * 700, 150, -20, 0.55);
  // Window bars, ceiling, floor.
  for (const x of [70, 268, 470, 810, 1012, 1210])
    line(c, linear(c, [0, 0, 0, h], "#0a0d12", "#3d2a1b", "#140f0e"), 17, [
      [x, 40],
      [x, 610],
    ]);
  for (const y of [214, 424])
    line(c, "#22191a", 9, [
      [0, y],
      [w, y],
    ]);
  blob(
    c,
    linear(c, [0, 0, 0, 130], "#120c0d", "#4d2b1b"),
    [
      [0, -60],
      [w, -60],
      [w, 120],
      [1000, 78],
      [640, 58],
      [280, 78],
      [0, 120],
    ],
    0.8,
  );
  for (const x of [100, 280, 460, 640, 820, 1000, 1180])
    line(c, "rgba(255,180,90,.25)", 4, [
      [640 + (x - 640) * 0.5, 0],
      [x, 74 + Math.abs(x - 640) * 0.06],
    ]);
  blob(
    c,
    linear(c, [0, 590, 0, h], "#8d5a2d", "#4a2c1b", "#1d1312"),
    [
      [-60, 640],
      [300, 600],
      [640, 590],
      [980, 600],
      [1340, 640],
      [1340, 800],
      [-60, 800],
    ],
    0.8,
  );
  for (let x = -600; x <= 1900; x += 125)
    line(c, "rgba(20,10,8,.45)", 3, [
      [640 + (x - 640) * 0.55, 598],
      [x, 720],
    ]);
  // Pedestal and lens.
  poly(c, linear(c, [540, 0, 740, 0], "#5a3a18", "#c99242", "#f1cf7c", "#a8702c", "#3c2412"), [
    [556, 640],
    [576, 520],
    [704, 520],
    [724, 640],
  ]);
  ellipse(c, "#3c2412", 640, 642, 100, 17);
  ellipse(c, linear(c, [520, 0, 760, 0], "#6b4519", "#ffe09a", "#7a4f1e"), 640, 518, 112, 20);
  trace(c, [
    [640, 84],
    [738, 150],
    [774, 316],
    [738, 462],
    [640, 514],
    [542, 462],
    [506, 316],
    [542, 150],
  ]);
  c.fillStyle = radial(
    c,
    640,
    316,
    240,
    "#ffffff",
    [0.2, "#fff3bf"],
    [0.5, "#ffc95e"],
    [0.8, "#c98a3c"],
    "#4d6a6a",
  );
  c.fill();
  inside(c, () => {
    for (let y = 100; y < 510; y += 21) {
      const bulge = Math.sqrt(Math.max(0, 1 - ((y - 306) / 220) ** 2));
      line(c, "rgba(110,66,16,.5)", 4, [
        [640 - 136 * bulge, y],
        [640, y + (y - 306) * 0.1],
        [640 + 136 * bulge, y],
      ]);
      line(c, "rgba(255,252,225,.75)", 3, [
        [640 - 130 * bulge, y + 7],
        [640, y + 7 + (y - 306) * 0.1],
        [640 + 130 * bulge, y + 7],
      ]);
    }
    for (const r of [36, 64, 92]) {
      c.beginPath();
      c.arc(640, 310, r, 0, 7);
      c.strokeStyle = "rgba(150,92,24,.55)";
      c.lineWidth = 4;
      c.stroke();
    }
    for (const x of [-92, 92])
      line(c, "#8a5a22", 7, [
        [640 + x * 0.6, 70],
        [640 + x * 1.15, 310],
        [640 + x * 0.6, 530],
      ]);
  });
  ellipse(c, radial(c, 640, 310, 60, "#ffffff", "rgba(255,250,220,0)"), 640, 310, 60);
  poly(c, "#a8702c", [
    [596, 92],
    [684, 92],
    [664, 62],
    [616, 62],
  ]);
  glow(c, 640, 310, 330, "255,220,140", 0.75);
  placed(c, 318, 300, 0.37, () => keeperFigure(c));
  glow(c, 420, 420, 190, "255,180,80", 0.22);
  vignette(c, w, h, 0.55);
}
