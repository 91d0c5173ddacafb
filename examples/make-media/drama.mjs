// Places of the drama: the bookshop at night, the letter, the street after the rain.
import {
  blob,
  ellipse,
  glow,
  inside,
  line,
  linear,
  poly,
  pool,
  rain,
  random,
  saved,
  trace,
  vignette,
} from "./draw.mjs";

const SPINES = [
  "#7a2f2b",
  "#a4572f",
  "#c79a4b",
  "#3f5a4c",
  "#2f4a63",
  "#5b3a55",
  "#8b6f47",
  "#d9c79a",
  "#40352f",
  "#6f2438",
];

/** A bookcase between two verticals whose heights differ: perspective without a camera. */
function shelves(c, [x0, top0, foot0], [x1, top1, foot1], rows, seed) {
  const next = random(seed);
  const at = (u, v) => {
    const x = x0 + (x1 - x0) * u;
    const [top, foot] = [top0 + (top1 - top0) * u, foot0 + (foot1 - foot0) * u];
    return [x, top + (foot - top) * v];
  };
  poly(c, "#23140e", [at(0, 0), at(1, 0), at(1, 1), at(0, 1)]);
  for (let row = 0; row < rows; row++) {
    const [shelf, room] = [(row + 0.94) / rows, 0.86 / rows];
    for (let u = 0.012; u < 0.975;) {
      const thick = 0.012 + 0.02 * next();
      if (next() < 0.07) {
        u += thick * 2;
        continue;
      }
      const tall = room * (0.62 + 0.34 * next());
      const end = Math.min(u + thick, 0.985);
      const lean = next() < 0.08 ? 0.01 : 0;
      poly(c, SPINES[Math.floor(next() * SPINES.length)], [
        at(u + lean, shelf - tall),
        at(end + lean, shelf - tall),
        at(end, shelf),
        at(u, shelf),
      ]);
      poly(c, "rgba(255,225,170,.14)", [
        at(u + lean, shelf - tall),
        at(u + lean + thick * 0.35, shelf - tall),
        at(u + thick * 0.35, shelf),
        at(u, shelf),
      ]);
      for (const v of [0.2, 0.32])
        if (next() < 0.5)
          line(c, "rgba(240,210,140,.5)", 1.5, [
            at(u + 0.003, shelf - tall * (1 - v)),
            at(end - 0.003, shelf - tall * (1 - v)),
          ]);
      u = end + 0.0015;
    }
    line(c, "#7b4d2a", 9, [at(0, shelf + 0.008), at(1, shelf + 0.008)]);
  }
  for (const u of [0, 0.5, 1]) line(c, "#6a3f22", 13, [at(u, 0), at(u, 1)]);
}

function hangingLamp(c, x, y, size) {
  line(c, "#1a110d", 4, [
    [x, 0],
    [x, y],
  ]);
  glow(c, x, y + size * 0.6, size * 6.5, "255,180,90", 0.6);
  blob(
    c,
    linear(c, [x - size, 0, x + size, 0], "#1f5a4c", [0.35, "#3f9a80"], "#123a33"),
    [
      [x - size, y + size * 0.62],
      [x - size * 0.4, y],
      [x, y - size * 0.08],
      [x + size * 0.4, y],
      [x + size, y + size * 0.62],
      [x, y + size * 0.74],
    ],
    0.7,
  );
  ellipse(c, "#fff1c4", x, y + size * 0.64, size * 0.72, size * 0.13);
}

export function bookshop(c, w, h) {
  c.fillStyle = linear(c, [0, 0, 0, h], "#2a1a14", "#4a2c1d", "#2b1811");
  c.fillRect(0, 0, w, h);
  poly(c, linear(c, [0, 0, 0, 150], "#1c120f", "#3d2619"), [
    [0, 0],
    [w, 0],
    [860, 150],
    [420, 150],
  ]);
  poly(c, linear(c, [0, 540, 0, h], "#7a4a2a", "#3a2014"), [
    [0, h],
    [w, h],
    [860, 540],
    [420, 540],
  ]);
  for (let i = -6; i <= 6; i++)
    line(c, "rgba(25,10,5,.4)", 3, [
      [640 + i * 36, 540],
      [640 + i * 130, h],
    ]);
  // The window at the back: blue night, rain, a street lamp.
  poly(c, "#4b2c1b", [
    [420, 150],
    [860, 150],
    [860, 540],
    [420, 540],
  ]);
  saved(c, () => {
    c.beginPath();
    c.rect(452, 180, 250, 270);
    c.rect(728, 180, 104, 360);
    c.clip();
    c.fillStyle = linear(c, [0, 180, 0, 540], "#0f2138", "#1e4560", "#2f6075");
    c.fillRect(440, 170, 420, 380);
    for (const [x, y, r, rgb] of [
      [510, 300, 60, "255,190,110"],
      [600, 340, 38, "240,110,90"],
      [660, 280, 44, "120,200,220"],
      [780, 320, 50, "255,190,110"],
      [560, 390, 30, "255,220,160"],
    ]) {
      glow(c, x, y, r * 1.5, rgb, 0.65);
      ellipse(c, `rgba(${rgb},.35)`, x, y, r * 0.3);
    }
    c.translate(440, 170);
    rain(c, 430, 380, 230, 3);
  });
  for (const [x0, y0, x1, y1] of [
    [577, 180, 577, 450],
    [452, 300, 702, 300],
    [728, 380, 832, 380],
  ])
    line(c, "#3a2114", 9, [
      [x0, y0],
      [x1, y1],
    ]);
  for (const box of [
    [452, 180, 250, 270],
    [728, 180, 104, 360],
  ]) {
    c.strokeStyle = "#6b4225";
    c.lineWidth = 11;
    c.strokeRect(...box);
  }
  ellipse(c, "#d9b25e", 742, 400, 7);
  shelves(c, [-30, -80, 760], [424, 150, 545], 5, 11);
  shelves(c, [856, 150, 545], [1310, -80, 760], 5, 12);
  pool(c, 640, 640, 560, 120, "255,170,80", 0.6);
  // The counter with books, a cup and a lamp.
  poly(c, linear(c, [0, 500, 0, 650], "#8d5630", "#4a2917"), [
    [500, 520],
    [800, 520],
    [856, 660],
    [444, 660],
  ]);
  poly(c, "#b9773f", [
    [488, 504],
    [812, 504],
    [824, 528],
    [476, 528],
  ]);
  for (let i = 0; i < 5; i++) {
    c.fillStyle = SPINES[(i * 3 + 1) % 10];
    c.fillRect(528 - (i % 2) * 7, 492 - i * 12, 100 - i * 5, 12);
  }
  ellipse(c, "#e9e2d2", 690, 486, 17, 5);
  blob(
    c,
    "#e9e2d2",
    [
      [673, 486],
      [677, 506],
      [703, 506],
      [707, 486],
    ],
    0.6,
  );
  line(c, "rgba(255,245,230,.4)", 4, [
    [690, 478],
    [698, 462],
    [684, 446],
    [694, 428],
  ]);
  hangingLamp(c, 640, 206, 54);
  hangingLamp(c, 250, 90, 74);
  hangingLamp(c, 1030, 90, 74);
  vignette(c, w, h, 0.6, "10,4,2");
}

/** A letter, found again between the pages of an old book. */
export function letter(c, w, h) {
  c.fillStyle = linear(c, [0, 0, w, h], "#6b3d22", "#4a2917", "#2a160e");
  c.fillRect(0, 0, w, h);
  const next = random(71);
  for (let i = 0; i < 90; i++) {
    const y = next() * h;
    line(c, `rgba(${next() < 0.5 ? "20,8,4" : "190,120,70"},${0.05 + 0.1 * next()})`, 1 + 3 * next(), [
      [0, y],
      [w * 0.3, y + 14 * next()],
      [w * 0.7, y - 14 * next()],
      [w, y + 8],
    ]);
  }
  glow(c, 330, 60, 900, "255,180,90", 0.55);
  saved(c, () => {
    c.translate(650, 372);
    c.rotate(-0.06);
    saved(c, () => {
      c.filter = "blur(18px)";
      c.fillStyle = "rgba(10,4,2,.7)";
      c.fillRect(-500, -262, 1030, 580);
    });
    poly(c, "#5e1f22", [
      [-506, -276],
      [506, -276],
      [512, 284],
      [-512, 284],
    ]);
    for (let k = 5; k >= 0; k--)
      for (const side of [-1, 1])
        blob(
          c,
          k
            ? k % 2
              ? "#d9c59c"
              : "#c9b184"
            : linear(c, [0, 0, side * 500, 0], "#a88a5c", [0.12, "#e3d1a8"], [0.6, "#f4e8c9"], "#e2cfa2"),
          [
            [0, -258],
            [side * 180, -272 + k],
            [side * (486 + 3 * k), -262 + 2 * k],
            [side * (486 + 3 * k), 262 + 2 * k],
            [side * 180, 256 + 2 * k],
            [0, 272],
          ],
          0.35,
        );
    for (let row = 0; row < 15; row++) {
      const y = -214 + row * 29;
      line(c, "rgba(90,66,40,.5)", 4, [
        [70, y],
        [70 + 200, y - 4],
        [row % 5 === 4 ? 250 : 436, y],
      ]);
      if (row < 3 || row > 12)
        line(c, "rgba(90,66,40,.5)", 4, [
          [-436, y],
          [-200, y - 4],
          [-70, y],
        ]);
    }
    // The letter: columns of brush writing, right to left.
    saved(c, () => {
      c.rotate(0.1);
      c.translate(-70, 6);
      saved(c, () => {
        c.filter = "blur(10px)";
        c.fillStyle = "rgba(40,20,8,.5)";
        c.fillRect(-236, -176, 470, 380);
      });
      poly(c, linear(c, [-240, -190, 240, 190], "#fffaf0", "#f7ecd6", "#e6d3b0"), [
        [-240, -186],
        [238, -190],
        [242, 190],
        [-238, 188],
      ]);
      line(c, "rgba(120,90,60,.22)", 3, [
        [-238, 2],
        [240, 0],
      ]);
      line(c, "rgba(255,255,255,.8)", 3, [
        [-238, 5],
        [240, 3],
      ]);
      for (let column = 0; column < 8; column++) {
        const x = 196 - column * 55;
        line(c, "rgba(170,60,50,.28)", 1.5, [
          [x - 27, -166],
          [x - 27, 168],
        ]);
        const signs = column === 7 ? 3 : column === 0 ? 3 : 7 + Math.floor(next() * 3);
        for (let sign = 0; sign < signs; sign++)
          brush(c, x, -146 + (column === 7 ? 160 : 0) + sign * 32, next);
      }
      c.fillStyle = "rgba(190,40,36,.85)";
      c.fillRect(-208, 118, 38, 38);
      for (const k of [0, 1, 2])
        line(c, "#f7ecd6", 2.5, [
          [-202 + k * 11, 124],
          [-202 + k * 11, 150],
        ]);
      line(c, "#f7ecd6", 2.5, [
        [-203, 136],
        [-176, 136],
      ]);
    });
  });
  leaf(c, 1000, 330);
  ellipse(c, "rgba(10,4,2,.5)", 1226, 640, 112);
  ellipse(c, linear(c, [1110, 520, 1310, 720], "#6f97a6", "#1b3440"), 1216, 626, 104);
  ellipse(c, "#17303b", 1216, 626, 86);
  ellipse(c, linear(c, [1140, 560, 1290, 690], "#b5662a", "#5a2a10"), 1218, 630, 78);
  ellipse(c, "rgba(255,220,160,.45)", 1190, 598, 26, 11, -0.6);
  vignette(c, w, h, 0.6, "12,5,2");
}

/** A written sign, of strokes only. */
function brush(c, x, y, next) {
  const ink = "rgba(34,26,30,.82)";
  const strokes = 4 + Math.floor(next() * 4);
  for (let i = 0; i < strokes; i++) {
    const [u, v] = [x + (next() - 0.5) * 16, y + (i / strokes - 0.5) * 22];
    if (next() < 0.5)
      line(c, ink, 2.4, [
        [u - 9 * next() - 3, v],
        [u + 9 * next() + 3, v - 2],
      ]);
    else
      line(c, ink, 2.6, [
        [u, v - 7 * next() - 2],
        [u - 2, v],
        [u - 8 * (next() - 0.4), v + 10 * next() + 3],
      ]);
  }
}

function leaf(c, x, y) {
  saved(c, () => {
    c.translate(x, y);
    c.rotate(0.5);
    for (let k = -3; k <= 3; k++) {
      const lobe = [
        [0, 70],
        [k * 34 - 14, -20 + Math.abs(k) * 14],
        [k * 46, -104 + Math.abs(k) * 34],
        [k * 34 + 14, -20 + Math.abs(k) * 14],
      ];
      blob(c, linear(c, [0, -100, 0, 80], "#e0a437", "#b8641f"), lobe, 0.6);
      line(c, "rgba(110,50,10,.6)", 2, [
        [0, 66],
        [k * 44, -92 + Math.abs(k) * 34],
      ]);
    }
    line(c, "#8a4a18", 5, [
      [0, 60],
      [6, 110],
      [20, 140],
    ]);
  });
}

/** The lane at daybreak: wet stones, old houses, one red umbrella for two. */
export function street(c, w, h) {
  c.fillStyle = linear(c, [0, 0, 0, 470], "#7fa0b5", "#c6cfc6", "#fbe3b8", "#ffd596");
  c.fillRect(0, 0, w, h);
  glow(c, 650, 380, 520, "255,214,150", 0.8);
  ellipse(c, "#fff6da", 650, 372, 44);
  const next = random(91);
  for (const [near, far, base, tall] of [
    [1, 0.74, 70, 420],
    [0.74, 0.55, 45, 330],
    [0.55, 0.42, 60, 300],
  ])
    for (const side of [-1, 1]) {
      const x = (k) => 650 + side * 700 * (k * k * 1.05 - 0.05);
      const foot = (k) => 440 + (h - 440) * (k - 0.3) * 0.98;
      const top = (k) => 440 - (tall + base) * k * 1.05;
      const tone = Math.round(30 + (1 - near) * 120);
      const [n, f] = [near, far];
      poly(
        c,
        linear(
          c,
          [x(n), 0, x(f), 0],
          `rgb(${tone},${tone + 6},${tone + 18})`,
          `rgb(${tone + 52},${tone + 44},${tone + 40})`,
        ),
        [
          [x(n), top(n)],
          [x(f), top(f)],
          [x(f), foot(f)],
          [x(n), foot(n)],
        ],
      );
      const eave = side * 26;
      poly(c, `rgb(${tone - 12},${tone - 10},${tone})`, [
        [x(n) + eave, top(n) - 40],
        [x(f) - eave, top(f) - 14],
        [x(f) - eave * 1.6, top(f) + 16],
        [x(n) - eave, top(n) + 22],
      ]);
      for (let row = 0; row < 3; row++)
        for (let column = 0; column < 3; column++) {
          const at = (u, v) => {
            const k = n + (f - n) * u;
            return [x(k), top(k) + (foot(k) - top(k)) * v];
          };
          const [u, v] = [0.12 + column * 0.3, 0.14 + row * 0.27];
          const warm = next() < 0.35;
          poly(c, warm ? "#ffd083" : `rgba(20,28,42,.5)`, [
            at(u, v),
            at(u + 0.17, v),
            at(u + 0.17, v + 0.15),
            at(u, v + 0.15),
          ]);
          line(c, `rgba(40,26,20,.6)`, 3, [at(u + 0.085, v), at(u + 0.085, v + 0.15)]);
        }
    }
  // Wet stones.
  const ground = [
    [-900, h],
    [606, 436],
    [694, 436],
    [w + 900, h],
  ];
  poly(c, linear(c, [0, 440, 0, h], "#fbdca6", "#8d8f93", "#3c4654"), ground);
  trace(c, ground, 0);
  inside(c, () => {
    for (let row = 0; row < 22; row++) {
      const y = 440 + 280 * (row / 22) ** 1.8;
      line(c, "rgba(30,36,48,.35)", 1 + row * 0.1, [
        [0, y],
        [w, y],
      ]);
      for (let k = -14; k <= 14; k++) {
        const spread = 8 + (y - 440) * 0.34;
        const x = 650 + (k + (row % 2) * 0.5) * spread;
        line(c, "rgba(30,36,48,.28)", 1 + row * 0.08, [
          [x, y],
          [x + (x - 650) * 0.06, y + 2 + row * 1.3],
        ]);
      }
    }
    saved(c, () => {
      c.globalCompositeOperation = "screen";
      for (let i = 0; i < 60; i++) {
        const y = 446 + 270 * next();
        const x = 650 + (next() + next() - 1) * (40 + (y - 440) * 0.9);
        ellipse(
          c,
          `rgba(255,214,150,${0.06 + 0.18 * next()})`,
          x,
          y,
          10 + (y - 430) * 0.2 * next(),
          1.5 + 4 * next(),
        );
      }
      for (const x of [560, 735]) ellipse(c, "rgba(200,215,235,.35)", x, 660, 110, 13);
    });
  });
  pool(c, 650, 445, 620, 90, "255,225,175", 0.35);
  pair(c, 640, 610);
  for (const side of [-1, 1]) {
    const x = 650 + side * 330;
    line(c, "#1d1a20", 5, [
      [x, 130],
      [x, 178],
    ]);
    blob(c, linear(c, [x - 30, 0, x + 30, 0], "#e5543c", [0.4, "#ff8f5a"], "#a62c28"), [
      [x - 22, 180],
      [x + 22, 180],
      [x + 36, 214],
      [x + 22, 248],
      [x - 22, 248],
      [x - 36, 214],
    ]);
    for (const y of [179, 249])
      line(c, "#d9a441", 6, [
        [x - 18, y],
        [x + 18, y],
      ]);
    line(c, "#d9a441", 3, [
      [x, 250],
      [x, 284],
    ]);
    glow(c, x, 214, 120, "255,140,80", 0.4);
  }
  vignette(c, w, h, 0.4, "12,14,26");
}

/** Both from behind: beige coat with red scarf, navy jacket, one umbrella. */
function pair(c, x, y) {
  saved(c, () => {
    c.filter = "blur(6px)";
    ellipse(c, "rgba(10,12,24,.55)", x + 8, y + 6, 120, 12);
    ellipse(c, "rgba(170,30,34,.35)", x + 6, y + 66, 90, 30);
  });
  for (const [at, coat, dark, leg, hem] of [
    [-38, "#d8bd90", "#a98b60", "#39404d", -84],
    [40, "#2f4470", "#18243f", "#4d4641", -116],
  ]) {
    for (const k of [-1, 1]) {
      line(c, leg, 19, [
        [x + at + k * 13, y - 100],
        [x + at + k * 14, y - 12],
      ]);
      blob(
        c,
        "#2f1d16",
        [
          [x + at + k * 14 - 12, y - 14],
          [x + at + k * 14 + 12, y - 14],
          [x + at + k * 14 + 14, y + 4],
          [x + at + k * 14 - 14, y + 4],
        ],
        0.6,
      );
    }
    blob(
      c,
      linear(c, [x + at - 40, 0, x + at + 44, 0], dark, [0.4, coat], dark),
      [
        [x + at - 18, y - 268],
        [x + at - 42, y - 250],
        [x + at - 38, y - 180],
        [x + at - 42, y + hem],
        [x + at + 42, y + hem],
        [x + at + 38, y - 180],
        [x + at + 42, y - 250],
        [x + at + 18, y - 268],
      ],
      0.7,
    );
    line(c, "rgba(30,20,20,.4)", 2.5, [
      [x + at, y - 230],
      [x + at, y + hem - 4],
    ]);
  }
  ellipse(c, "#1c171a", x + 40, y - 300, 27, 33);
  poly(c, "#e0b48f", [
    [x + 30, y - 276],
    [x + 50, y - 276],
    [x + 52, y - 258],
    [x + 28, y - 258],
  ]);
  poly(c, "#8d929c", [
    [x + 22, y - 266],
    [x + 58, y - 266],
    [x + 62, y - 250],
    [x + 18, y - 250],
  ]);
  blob(
    c,
    "#1c161a",
    [
      [x - 66, y - 306],
      [x - 38, y - 336],
      [x - 10, y - 306],
      [x - 8, y - 262],
      [x - 68, y - 262],
    ],
    0.9,
  );
  blob(c, "#c22b2d", [
    [x - 70, y - 268],
    [x - 38, y - 262],
    [x - 6, y - 268],
    [x - 4, y - 242],
    [x - 38, y - 232],
    [x - 72, y - 242],
  ]);
  blob(
    c,
    "#a82329",
    [
      [x - 60, y - 240],
      [x - 42, y - 238],
      [x - 46, y - 170],
      [x - 64, y - 172],
    ],
    0.6,
  );
  line(c, "#d8bd90", 22, [
    [x - 12, y - 236],
    [x + 4, y - 200],
    [x + 6, y - 196],
  ]);
  line(c, "#3a2a22", 6, [
    [x + 4, y - 180],
    [x + 4, y - 430],
  ]);
  blob(
    c,
    linear(c, [x - 150, y - 420, x + 150, y - 330], "#f0605a", [0.4, "#cf2f32"], "#7c1722"),
    [
      [x - 148, y - 330],
      [x - 116, y - 398],
      [x, y - 444],
      [x + 124, y - 398],
      [x + 156, y - 330],
      [x + 104, y - 346],
      [x + 54, y - 330],
      [x + 4, y - 348],
      [x - 46, y - 330],
      [x - 98, y - 346],
    ],
    0.8,
  );
  for (const k of [-98, -46, 54, 104])
    line(c, "rgba(80,8,18,.45)", 3, [
      [x + 4, y - 442],
      [x + k * 0.8, y - 410],
      [x + k, y - 340],
    ]);
}
