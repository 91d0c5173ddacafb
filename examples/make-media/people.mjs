// The cast. One head per person, used for the close-up and for the full figure, so that both are the same person.
import {
  blob,
  ellipse,
  glow,
  inside,
  line,
  linear,
  mirror,
  placed,
  poly,
  radial,
  saved,
  trace,
} from "./draw.mjs";

const FACE = mirror([
  [0, -142],
  [60, -128],
  [90, -70],
  [92, -10],
  [86, 48],
  [64, 102],
  [26, 140],
]);
const JAW_SHADE = [
  [26, -150],
  [22, -50],
  [12, -14],
  [24, 40],
  [8, 58],
  [16, 80],
  [6, 104],
  [18, 150],
  [120, 150],
  [120, -150],
];

/** A face of 184 × 282 units around the origin: skin, shade from the right, eyes, nose, mouth. */
function face(c, { skin, shade, blush, iris, brow, browWidth = 7, lips, lash = 4, look = 0, eye = 1 }) {
  for (const side of [-1, 1]) {
    blob(c, side < 0 ? skin : shade, [
      [side * 84, -24],
      [side * 106, -32],
      [side * 108, 4],
      [side * 94, 34],
      [side * 80, 30],
    ]);
    line(c, shade, 4, [
      [side * 98, -16],
      [side * 94, 0],
      [side * 92, 14],
    ]);
  }
  trace(c, FACE);
  c.fillStyle = skin;
  c.fill();
  inside(c, () => {
    for (const side of [-1, 1])
      ellipse(c, radial(c, side * 54, 46, 42, blush, "rgba(255,120,100,0)"), side * 54, 46, 42);
    saved(c, () => {
      c.globalAlpha = 0.55;
      blob(c, shade, JAW_SHADE, 0.7);
    });
    ellipse(c, "rgba(255,240,220,.16)", -34, -84, 46, 34);
  });
  for (const side of [-1, 1]) {
    const x = side * 40;
    blob(c, "rgba(90,40,30,.16)", [
      [x - 26, -20],
      [x, -30],
      [x + 26, -20],
      [x + 20, 2],
      [x - 20, 2],
    ]);
    trace(c, [
      [x - 23, -6],
      [x - 8, -6 - 12 * eye],
      [x + 10, -6 - 12 * eye],
      [x + 23, -5],
      [x + 8, 4],
      [x - 10, 4],
    ]);
    c.fillStyle = "#f6f1e8";
    c.fill();
    inside(c, () => {
      ellipse(c, iris, x + look, -8, 11);
      ellipse(c, "#140d0c", x + look, -8, 5.5);
      ellipse(c, "#fff", x + look - 4, -12, 3);
      c.fillStyle = "rgba(40,20,20,.22)";
      c.fillRect(x - 30, -24, 60, 8 + 2 * eye);
    });
    line(c, "#22150f", lash, [
      [x - 24, -5],
      [x - 4, -13 - 12 * eye],
      [x + 14, -12 - 10 * eye],
      [x + 25, -6],
    ]);
    line(c, brow, browWidth, [
      [side * 66, -34],
      [side * 46, -48],
      [side * 16, -38],
    ]);
  }
  line(c, shade, 5, [
    [-14, 42],
    [-8, 53],
    [2, 51],
    [10, 53],
    [17, 42],
  ]);
  ellipse(c, "rgba(255,245,230,.35)", -4, 36, 5, 9);
  blob(
    c,
    lips,
    [
      [-27, 84],
      [-9, 77],
      [0, 80],
      [9, 77],
      [27, 84],
      [12, 94],
      [-12, 94],
    ],
    0.8,
  );
  line(c, "rgba(70,20,20,.65)", 2.6, [
    [-28, 84],
    [-10, 86],
    [10, 86],
    [28, 83],
  ]);
  line(c, shade, 3, [
    [-10, 106],
    [0, 108],
    [10, 106],
  ]);
}

const neck = (c, skin, shade) => {
  poly(c, skin, [
    [-42, 90],
    [42, 90],
    [50, 200],
    [-50, 200],
  ]);
  poly(c, shade, [
    [-43, 90],
    [43, 90],
    [47, 172],
    [16, 178],
    [-44, 152],
  ]);
};

/** Coat shoulders below a head, for close-ups. */
const shoulders = (c, style) =>
  blob(
    c,
    style,
    [
      [-58, 176],
      [-150, 206],
      [-224, 262],
      [-262, 480],
      [262, 480],
      [224, 262],
      [150, 206],
      [58, 176],
    ],
    0.8,
  );

/** A leg or a sleeve. */
const limb = (c, style, width, points) => line(c, style, width, points);

// The keeper: white beard, yellow oilskin and sou'wester.
const OIL = (c) => linear(c, [-220, 0, 240, 0], "#f3bd2f", [0.5, "#e0a11b"], "#a86c0d");

const beard = (c) => {
  blob(c, linear(c, [-90, 0, 100, 0], "#fbf7ee", [0.55, "#e4dfd6"], "#a9a9ae"), [
    [-95, 0],
    [-82, 44],
    [-40, 62],
    [0, 66],
    [40, 62],
    [82, 44],
    [95, 0],
    [104, 80],
    [84, 168],
    [40, 222],
    [0, 240],
    [-40, 222],
    [-84, 168],
    [-104, 80],
  ]);
  for (let i = -5; i <= 5; i++)
    line(c, i < 1 ? "rgba(170,168,170,.5)" : "rgba(110,112,122,.5)", 3, [
      [i * 17, 96 + Math.abs(i) * 4],
      [i * 15, 150],
      [i * 9, 216 - Math.abs(i) * 9],
    ]);
  blob(c, "#8d4a3d", [
    [-24, 92],
    [0, 88],
    [24, 92],
    [0, 103],
  ]);
  for (const side of [-1, 1])
    blob(c, side < 0 ? "#fffdf7" : "#dcd8d2", [
      [0, 62],
      [side * 30, 58],
      [side * 66, 80],
      [side * 84, 110],
      [side * 48, 100],
      [side * 8, 88],
    ]);
};

function keeperHead(c) {
  neck(c, "#c98f6c", "#8f5b43");
  face(c, {
    skin: "#dba27c",
    shade: "#a8684a",
    blush: "rgba(200,70,50,.5)",
    iris: "#4f7f93",
    brow: "#f4efe6",
    browWidth: 15,
    lips: "#a55f50",
    eye: 0.72,
  });
  for (const side of [-1, 1])
    for (const k of [0, 1])
      line(c, "rgba(120,65,45,.6)", 2.5, [
        [side * 66, -2 + k * 9],
        [side * 76, 0 + k * 12],
        [side * 82, 8 + k * 12],
      ]);
  for (const k of [0, 1])
    line(c, "rgba(120,65,45,.45)", 3, [
      [-40, -72 - k * 14],
      [0, -78 - k * 14],
      [42, -70 - k * 14],
    ]);
  beard(c);
  // The hat: brim behind the temples, crown, band of shade.
  blob(c, linear(c, [0, -110, 0, -40], "#e7aa20", "#8f5a0c"), [
    [-168, -52],
    [-120, -96],
    [0, -120],
    [120, -96],
    [168, -52],
    [110, -74],
    [0, -88],
    [-110, -74],
  ]);
  blob(c, OIL(c), [
    [-104, -88],
    [-98, -150],
    [-58, -206],
    [0, -220],
    [58, -206],
    [98, -150],
    [104, -88],
    [0, -104],
  ]);
  line(c, "rgba(120,74,8,.65)", 5, [
    [-102, -94],
    [0, -112],
    [102, -94],
  ]);
  line(c, "rgba(120,74,8,.4)", 4, [
    [0, -218],
    [6, -160],
    [0, -110],
  ]);
  blob(c, "rgba(255,240,180,.5)", [
    [-78, -120],
    [-70, -164],
    [-44, -192],
    [-54, -150],
  ]);
}

export function keeperBust(c) {
  shoulders(c, OIL(c));
  line(c, "rgba(120,74,8,.55)", 6, [
    [0, 250],
    [6, 360],
    [2, 480],
  ]);
  for (const y of [300, 380]) ellipse(c, "#3b2a16", 26, y, 9);
  for (const side of [-1, 1])
    blob(c, side < 0 ? "#d6951a" : "#8d5a0d", [
      [side * 40, 150],
      [side * 112, 178],
      [side * 120, 236],
      [side * 30, 300],
      [side * 10, 250],
    ]);
  keeperHead(c);
}

export function keeperFigure(c) {
  for (const side of [-1, 1]) {
    limb(c, side < 0 ? "#34454e" : "#26343c", 74, [
      [side * 48, 660],
      [side * 50, 900],
    ]);
    blob(
      c,
      side < 0 ? "#2a2421" : "#1d1917",
      [
        [side * 14, 800],
        [side * 88, 800],
        [side * 92, 930],
        [side * 128, 966],
        [side * 120, 990],
        [side * 12, 990],
      ],
      0.6,
    );
    limb(c, side < 0 ? "#eeb42b" : "#b97c12", 86, [
      [side * 150, 268],
      [side * 214, 420],
      [side * 190, 560],
    ]);
    ellipse(c, "#c98f6c", side * 190, 606, 32, 38);
  }
  blob(
    c,
    OIL(c),
    [
      [-70, 186],
      [-176, 226],
      [-196, 300],
      [-160, 470],
      [-200, 760],
      [0, 784],
      [200, 760],
      [160, 470],
      [196, 300],
      [176, 226],
      [70, 186],
    ],
    0.7,
  );
  line(c, "rgba(110,66,8,.6)", 6, [
    [8, 250],
    [14, 500],
    [6, 778],
  ]);
  for (const y of [330, 430, 530, 630]) ellipse(c, "#3b2a16", 34, y, 9);
  for (const side of [-1, 1])
    poly(c, "rgba(120,74,8,.38)", [
      [side * 60, 560],
      [side * 150, 552],
      [side * 156, 586],
      [side * 60, 594],
    ]);
  blob(c, "rgba(110,62,6,.25)", [
    [90, 240],
    [190, 280],
    [150, 470],
    [196, 750],
    [90, 772],
    [110, 480],
  ]);
  lantern(c, -196, 640);
  keeperHead(c);
}

function lantern(c, x, y) {
  line(c, "#2b2320", 7, [
    [x - 34, y + 34],
    [x - 30, y - 30],
    [x + 30, y - 30],
    [x + 34, y + 34],
  ]);
  poly(c, "#2b2320", [
    [x - 40, y + 30],
    [x + 40, y + 30],
    [x + 30, y + 46],
    [x - 30, y + 46],
  ]);
  c.fillStyle = radial(c, x, y + 92, 60, "#fffbe0", "#ffd766", "#e18a1c");
  c.fillRect(x - 30, y + 46, 60, 84);
  for (const k of [-30, 0, 30])
    line(c, "#2b2320", 5, [
      [x + k, y + 46],
      [x + k, y + 130],
    ]);
  poly(c, "#2b2320", [
    [x - 40, y + 130],
    [x + 40, y + 130],
    [x + 46, y + 150],
    [x - 46, y + 150],
  ]);
  glow(c, x, y + 90, 230, "255,190,90", 0.7);
}

// Lin Xiao: black bob, beige coat, red scarf.
const LIN = {
  skin: "#f4cdb0",
  shade: "#d39a7e",
  blush: "rgba(240,110,100,.5)",
  iris: "#3c2417",
  brow: "#2a1c18",
  browWidth: 6,
  lips: "#c4524d",
  lash: 6,
  eye: 1.1,
};
const COAT = (c) => linear(c, [-200, 0, 220, 0], "#e3cba4", [0.5, "#d2b588"], "#9c7e56");
const SCARF = (c) => linear(c, [-120, 140, 120, 240], "#e0433c", [0.6, "#c22b2d"], "#861a22");

const linHair = (c) => linear(c, [-120, -120, 130, 120], "#33292d", [0.5, "#1c1519"], "#0e0b0f");

/** What is behind the scarf: the back of the hair, the neck. */
function linBack(c) {
  blob(
    c,
    linHair(c),
    mirror([
      [0, -178],
      [70, -166],
      [118, -106],
      [126, -10],
      [128, 80],
      [116, 140],
      [70, 128],
    ]),
  );
  neck(c, LIN.skin, LIN.shade);
}

function linHead(c) {
  const hair = linHair(c);
  face(c, LIN);
  blob(
    c,
    hair,
    [
      [-100, 96],
      [-122, 60],
      [-122, -60],
      [-96, -138],
      [-30, -176],
      [40, -172],
      [100, -132],
      [122, -60],
      [122, 60],
      [102, 108],
      [92, 40],
      [88, -44],
      [50, -88],
      [6, -116],
      [-20, -72],
      [-66, -48],
      [-88, -20],
      [-92, 50],
    ],
    0.9,
  );
  line(c, "rgba(150,140,160,.4)", 9, [
    [-88, -70],
    [-66, -128],
    [-16, -154],
  ]);
  line(c, "rgba(150,140,160,.25)", 5, [
    [-108, -30],
    [-110, 20],
    [-104, 70],
  ]);
  ellipse(c, "#e8d9a8", -100, 40, 5);
}

const scarf = (c) => {
  blob(c, SCARF(c), [
    [-104, 146],
    [-50, 164],
    [0, 170],
    [50, 164],
    [104, 146],
    [126, 190],
    [110, 240],
    [40, 262],
    [-40, 262],
    [-112, 238],
    [-128, 190],
  ]);
  for (const k of [-2, -1, 0, 1, 2])
    line(c, "rgba(90,10,20,.4)", 4, [
      [k * 40 - 26, 168 - Math.abs(k) * 6],
      [k * 42 - 6, 210],
      [k * 34 - 16, 252],
    ]);
  blob(
    c,
    SCARF(c),
    [
      [-70, 232],
      [-20, 240],
      [-14, 330],
      [-24, 424],
      [-92, 420],
      [-80, 320],
    ],
    0.7,
  );
  for (let k = 0; k < 6; k++)
    line(c, "#a52228", 4, [
      [-88 + k * 13, 418],
      [-90 + k * 13, 446],
    ]);
};

export function linBust(c) {
  shoulders(c, COAT(c));
  for (const side of [-1, 1])
    blob(
      c,
      side < 0 ? "#c9ab7c" : "#937650",
      [
        [side * 60, 190],
        [side * 140, 220],
        [side * 150, 300],
        [side * 60, 420],
        [side * 20, 480],
        [side * 6, 300],
      ],
      0.7,
    );
  linBack(c);
  scarf(c);
  linHead(c);
}

export function linFigure(c) {
  for (const side of [-1, 1]) {
    limb(c, side < 0 ? "#39404d" : "#2a303b", 54, [
      [side * 40, 700],
      [side * 42, 930],
    ]);
    blob(
      c,
      side < 0 ? "#5a3424" : "#42251a",
      [
        [side * 12, 850],
        [side * 72, 850],
        [side * 76, 940],
        [side * 104, 972],
        [side * 98, 990],
        [side * 10, 990],
      ],
      0.6,
    );
    limb(c, side < 0 ? "#dcc298" : "#a98b60", 66, [
      [side * 118, 270],
      [side * 168, 430],
      [side * 150, 560],
    ]);
    ellipse(c, LIN.skin, side * 148, 600, 22, 30);
  }
  blob(
    c,
    COAT(c),
    [
      [-60, 190],
      [-134, 216],
      [-152, 280],
      [-112, 450],
      [-158, 800],
      [0, 818],
      [158, 800],
      [112, 450],
      [152, 280],
      [134, 216],
      [60, 190],
    ],
    0.7,
  );
  blob(c, "rgba(100,70,40,.25)", [
    [60, 240],
    [144, 270],
    [112, 450],
    [156, 796],
    [60, 812],
    [74, 460],
  ]);
  line(c, "rgba(90,60,34,.55)", 5, [
    [10, 260],
    [16, 520],
    [12, 812],
  ]);
  c.fillStyle = "#8b6a44";
  c.fillRect(-118, 452, 236, 34);
  c.fillStyle = "#5c4127";
  c.fillRect(-22, 446, 46, 46);
  for (const side of [-1, 1])
    line(c, "rgba(90,60,34,.5)", 5, [
      [side * 60, 580],
      [side * 108, 600],
    ]);
  linBack(c);
  scarf(c);
  linHead(c);
}

// Zhou Yuan: round glasses, grey turtleneck, navy jacket.
const ZHOU = {
  skin: "#ebc09c",
  shade: "#bd8765",
  blush: "rgba(220,110,90,.28)",
  iris: "#33211a",
  brow: "#1d1718",
  browWidth: 10,
  lips: "#b5705d",
  lash: 4.5,
  eye: 0.9,
};
const NAVY = (c) => linear(c, [-220, 0, 240, 0], "#3c5482", [0.5, "#2a3d63"], "#15213c");
const WOOL = (c) => linear(c, [-100, 0, 110, 0], "#a9adb5", [0.55, "#878c96"], "#565b66");

function zhouHead(c) {
  const hair = linear(c, [-110, -160, 110, 0], "#3a3233", [0.5, "#1f191b"], "#0f0c0e");
  blob(
    c,
    hair,
    mirror([
      [0, -176],
      [66, -168],
      [108, -116],
      [106, -40],
      [96, 10],
      [70, -30],
    ]),
  );
  face(c, ZHOU);
  blob(
    c,
    hair,
    [
      [-98, -8],
      [-108, -80],
      [-92, -144],
      [-40, -186],
      [30, -190],
      [86, -160],
      [110, -100],
      [99, -8],
      [88, -52],
      [70, -92],
      [34, -104],
      [-8, -86],
      [-44, -104],
      [-72, -96],
      [-88, -52],
    ],
    0.9,
  );
  for (const k of [0, 1, 2])
    line(c, "rgba(150,140,145,.28)", 6, [
      [-70 + k * 34, -120],
      [-50 + k * 36, -156],
      [-10 + k * 34, -168],
    ]);
  for (const side of [-1, 1]) {
    c.beginPath();
    c.arc(side * 42, -6, 34, 0, Math.PI * 2);
    c.fillStyle = "rgba(220,235,245,.14)";
    c.fill();
    c.strokeStyle = "#2b2220";
    c.lineWidth = 5.5;
    c.stroke();
    line(c, "#2b2220", 5, [
      [side * 76, -10],
      [side * 98, -14],
    ]);
    line(c, "rgba(255,255,255,.6)", 4, [
      [side * 42 - 20, -20],
      [side * 42 - 10, -28],
    ]);
  }
  line(c, "#2b2220", 5, [
    [-9, -10],
    [0, -16],
    [9, -10],
  ]);
  for (let k = -5; k <= 5; k++)
    line(c, "rgba(60,45,40,.14)", 3, [
      [k * 10, 122 - Math.abs(k) * 3],
      [k * 10, 127 - Math.abs(k) * 3],
    ]);
}

const turtleneck = (c) => {
  blob(
    c,
    WOOL(c),
    [
      [-62, 138],
      [-30, 156],
      [0, 160],
      [30, 156],
      [62, 138],
      [70, 200],
      [110, 240],
      [60, 440],
      [-60, 440],
      [-110, 240],
      [-70, 200],
    ],
    0.7,
  );
  for (let k = -4; k <= 4; k++)
    line(c, "rgba(50,55,65,.3)", 3, [
      [k * 14, 158 - Math.abs(k) * 2],
      [k * 15, 206],
    ]);
};

export function zhouBust(c) {
  shoulders(c, NAVY(c));
  neck(c, ZHOU.skin, ZHOU.shade);
  turtleneck(c);
  for (const side of [-1, 1])
    blob(
      c,
      side < 0 ? "#31466f" : "#17233f",
      [
        [side * 66, 184],
        [side * 140, 214],
        [side * 168, 300],
        [side * 96, 380],
        [side * 60, 480],
        [side * 34, 480],
        [side * 50, 320],
      ],
      0.7,
    );
  zhouHead(c);
}

export function zhouFigure(c) {
  for (const side of [-1, 1]) {
    limb(c, side < 0 ? "#57504a" : "#403a36", 76, [
      [side * 46, 600],
      [side * 48, 930],
    ]);
    blob(
      c,
      side < 0 ? "#3a2a22" : "#291d18",
      [
        [side * 10, 930],
        [side * 86, 930],
        [side * 116, 970],
        [side * 110, 990],
        [side * 8, 990],
      ],
      0.6,
    );
    limb(c, side < 0 ? "#354b76" : "#1a2745", 76, [
      [side * 138, 270],
      [side * 188, 430],
      [side * 168, 570],
    ]);
    ellipse(c, ZHOU.skin, side * 166, 616, 25, 34);
  }
  blob(
    c,
    NAVY(c),
    [
      [-62, 188],
      [-156, 222],
      [-174, 290],
      [-140, 460],
      [-150, 640],
      [0, 652],
      [150, 640],
      [140, 460],
      [174, 290],
      [156, 222],
      [62, 188],
    ],
    0.7,
  );
  neck(c, ZHOU.skin, ZHOU.shade);
  turtleneck(c);
  for (const side of [-1, 1])
    blob(
      c,
      side < 0 ? "#31466f" : "#17233f",
      [
        [side * 62, 186],
        [side * 150, 222],
        [side * 140, 420],
        [side * 146, 640],
        [side * 30, 650],
        [side * 44, 400],
        [side * 60, 280],
      ],
      0.7,
    );
  for (const side of [-1, 1])
    line(c, "rgba(8,14,30,.6)", 5, [
      [side * 66, 520],
      [side * 124, 508],
    ]);
  for (const y of [440, 510, 580]) ellipse(c, "#c9b27a", 58, y, 7);
  zhouHead(c);
}

/** A close-up on a plain, lit ground. */
export function closeUp(c, w, h, bust, ground) {
  backdrop(c, w, h, ground);
  placed(c, w / 2, h * 0.44, w / 560, () => bust(c));
}

/** A full figure on the same ground, standing. */
export function fullBody(c, w, h, figure, ground) {
  backdrop(c, w, h, ground);
  const scale = h / 1330;
  saved(c, () => {
    c.filter = "blur(8px)";
    ellipse(c, "rgba(10,10,15,.35)", w / 2 + 12, h * 0.2 + 992 * scale, 190 * scale, 26 * scale);
  });
  placed(c, w / 2, h * 0.2, scale, () => figure(c));
}

function backdrop(c, w, h, [light, mid, dark]) {
  c.fillStyle = radial(c, w * 0.36, h * 0.3, h * 0.95, light, [0.45, mid], dark);
  c.fillRect(0, 0, w, h);
}
