// Classical problems of nonsmooth optimization, acceptance list B: start, optimum, active pieces there, their multipliers.
import { abs, add, exp, max, mul, relu, slice, square, squeeze, stack, sub, type Tensor } from "@nonsmooth/ad-core";

/** A function of two numbers. */
type Piece = (x: Tensor, y: Tensor) => Tensor;

/** A problem in two variables. */
export interface ClassicalProblem {
  readonly name: string;
  readonly f: (z: Tensor) => Tensor;
  readonly start: readonly [number, number];
  readonly atStart: number;
  readonly optimum: readonly [number, number];
  readonly value: number;
  /** The pieces that are active at the optimum. */
  readonly active: readonly ((z: Tensor) => Tensor)[];
  /** Their gradients there, where the table has them. */
  readonly gradients?: readonly (readonly [number, number])[];
  /** Convex weights under which these cancel. */
  readonly multipliers: readonly number[];
  /** How exactly optimum and multipliers are written down. */
  readonly within: number;
}

const entry = (z: Tensor, i: number): Tensor => squeeze(slice(z, [i], [i + 1]));
const ofPair =
  (piece: Piece) =>
  (z: Tensor): Tensor =>
    piece(entry(z, 0), entry(z, 1));
const largest = (...pieces: readonly Piece[]): ((z: Tensor) => Tensor) =>
  ofPair((x, y) => max(stack(pieces.map((piece) => piece(x, y)))));
const total = (first: Tensor, ...parts: readonly (Tensor | number)[]): Tensor =>
  parts.reduce((a: Tensor, b) => add(a, b), first);
const fourth = (x: Tensor): Tensor => square(square(x));

const growing: Piece = (x, y) => mul(2, exp(sub(y, x)));
const aroundTwo: Piece = (x, y) => add(square(sub(2, x)), square(sub(2, y)));
const cb2: Piece = (x, y) => add(square(x), fourth(y));
const cb3: Piece = (x, y) => add(fourth(x), square(y));
const bowl: Piece = (x, y) => add(square(x), square(y));
const outside: Piece = (x, y) => sub(bowl(x, y), 1);

const dem: readonly Piece[] = [
  (x, y) => add(mul(5, x), y),
  (x, y) => add(mul(-5, x), y),
  (x, y) => add(bowl(x, y), mul(4, y)),
];
const ql: readonly [Piece, Piece, Piece] = [
  bowl,
  (x, y) => add(bowl(x, y), mul(10, total(mul(-4, x), mul(-1, y), 4))),
  (x, y) => add(bowl(x, y), mul(10, total(mul(-1, x), mul(-2, y), 6))),
];
const falling: Piece = (x, y) => mul(-1, add(x, y));
const lq: readonly Piece[] = [falling, (x, y) => add(falling(x, y), outside(x, y))];
const mifflin2: Piece = (x, y) => total(mul(-1, x), mul(2, outside(x, y)), mul(1.75, abs(outside(x, y))));
const root = Math.SQRT1_2;

/** The rows B1 to B7. */
export const classicalProblems: readonly ClassicalProblem[] = [
  {
    name: "B1 CB2",
    f: largest(cb2, aroundTwo, growing),
    start: [1, -0.1],
    atStart: 5.41,
    optimum: [1.13903765, 0.89955994],
    value: 1.9522244939,
    active: [cb2, aroundTwo].map(ofPair),
    multipliers: [0.43048, 0.56952],
    within: 1e-5,
  },
  {
    name: "B2 CB3",
    f: largest(cb3, aroundTwo, growing),
    start: [2, 2],
    atStart: 20,
    optimum: [1, 1],
    value: 2,
    active: [cb3, aroundTwo, growing].map(ofPair),
    gradients: [
      [4, 2],
      [-2, -2],
      [-2, 2],
    ],
    multipliers: [1 / 3, 1 / 2, 1 / 6],
    within: 1e-14,
  },
  {
    name: "B3 DEM",
    f: largest(...dem),
    start: [1, 1],
    atStart: 6,
    optimum: [0, -3],
    value: -3,
    active: dem.map(ofPair),
    gradients: [
      [5, 1],
      [-5, 1],
      [0, -2],
    ],
    multipliers: [1 / 3, 1 / 3, 1 / 3],
    within: 1e-14,
  },
  {
    name: "B4 QL",
    f: largest(...ql),
    start: [-1, 5],
    atStart: 56,
    optimum: [1.2, 2.4],
    value: 7.2,
    active: [ql[0], ql[2]].map(ofPair),
    gradients: [
      [2.4, 4.8],
      [-7.6, -15.2],
    ],
    multipliers: [0.76, 0.24],
    within: 1e-13,
  },
  {
    name: "B5 LQ",
    f: largest(...lq),
    start: [-0.5, -0.5],
    atStart: 1,
    optimum: [root, root],
    value: -2 * root,
    active: lq.map(ofPair),
    gradients: [
      [-1, -1],
      [2 * root - 1, 2 * root - 1],
    ],
    multipliers: [1 - root, root],
    within: 1e-13,
  },
  {
    name: "B6 Mifflin 1",
    f: ofPair((x, y) => add(mul(-1, x), mul(20, relu(outside(x, y))))),
    start: [0.8, 0.6],
    atStart: -0.8,
    optimum: [1, 0],
    value: -1,
    active: [(x: Tensor) => mul(-1, x), (x: Tensor, y: Tensor) => add(mul(-1, x), mul(20, outside(x, y)))].map(ofPair),
    gradients: [
      [-1, 0],
      [39, 0],
    ],
    multipliers: [39 / 40, 1 / 40],
    within: 1e-14,
  },
  {
    name: "B7 Mifflin 2",
    f: ofPair(mifflin2),
    start: [-1, -1],
    atStart: 4.75,
    optimum: [1, 0],
    value: -1,
    active: [3.75, 0.25].map((slope) => ofPair((x, y) => add(mul(-1, x), mul(slope, outside(x, y))))),
    gradients: [
      [6.5, 0],
      [-0.5, 0],
    ],
    multipliers: [1 / 14, 13 / 14],
    within: 1e-14,
  },
];
