// Functions that kernels call, as text: gpu.js takes those that a kernel names.

/** A function of numbers. Names are none that shading languages know. */
export interface TextFunction {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly source: string;
}

/** Every finite 32-bit number is at most this. */
const largest = "3.4028234663852886e38";

const terms = (from: number, below: number, term: (i: number) => string, last: string): string => {
  let text = last;
  for (let i = below - 1; i >= from; i--) text = term(i).replace("REST", text);
  return text;
};

/** `1 + x/2 (1 + x/3 (1 + ...))`, times `x`: the series of exp(x) - 1. */
const seriesOf = (x: string): string => `${x} * ${terms(2, 10, (i) => `(1 + ${x} / ${i} * REST)`, "1")}`;
const expSeries = seriesOf("x");

/** The series of artanh(s), in `t = s * s`. */
const artanhSeries = `s * ${terms(0, 7, (i) => `(${1 / (2 * i + 1)} + t * REST)`, String(1 / 15))}`;

const sineSeries = `r * ${terms(1, 5, (i) => `(1 - z / ${2 * i * (2 * i + 1)} * REST)`, "1")}`;
const cosineSeries = terms(1, 5, (i) => `(1 - z / ${(2 * i - 1) * 2 * i} * REST)`, "1");

/** `2 / √π Σ (-1)^n x^(2n+1) / (n! (2n+1))` in `z = x * x`, by its coefficients. */
function erfSeries(): string {
  let factorial = 1;
  const coefficients = Array.from({ length: 12 }, (_, n) => {
    if (n > 0) factorial *= n;
    return (1.1283791670955126 * (n % 2 === 0 ? 1 : -1)) / (factorial * (2 * n + 1));
  });
  return `x * ${coefficients.reduceRight((rest, c) => (rest === "" ? `(${c})` : `((${c}) + z * ${rest})`), "")}`;
}

/** π/2 in parts: products of the first two with whole numbers below 2^12 are exact in 32 bits. */
const quarterTurn = ["1.5703125", "0.0004837512969970703", "7.549789954891882e-8"] as const;

/** The quarter turns in an angle, and what is left: r in [-π/4, π/4]. */
const reduced = `
  const k = Math.floor(x * 0.6366197723675814 + 0.5);
  const r = ((x - k * ${quarterTurn[0]}) - k * ${quarterTurn[1]}) - k * ${quarterTurn[2]};
  const z = r * r;`;

/** The sine after `shift` further quarter turns. */
const turned = (shift: number): string => `${reduced}
  const turn = k + ${shift} - 4 * Math.floor((k + ${shift}) / 4);
  if (turn === 0) { return ${sineSeries}; }
  if (turn === 1) { return ${cosineSeries}; }
  if (turn === 2) { return 0 - ${sineSeries}; }
  return 0 - ${cosineSeries};`;

const define = (name: string, args: string, body: string): TextFunction => ({
  name,
  arguments: args.split(", "),
  source: `function ${name}(${args}) {\n  ${body.trim()}\n}`,
});

/** All of them, by name. */
export const textFunctions: Readonly<Record<string, TextFunction>> = Object.fromEntries(
  [
    // whole numbers below 2^24; a division may be a few units off, so that the first quotient may be wrong by more than 1
    define(
      "quotient",
      "a, b",
      "let q = Math.floor(a / b);\n  q = q + Math.floor((a - q * b) / b);\n  const r = a - q * b;\n  if (r < 0) { q = q - 1; }\n  if (r >= b) { q = q + 1; }\n  return q;",
    ),
    // 1 for every number and infinity, 0 for NaN: a comparison of a value with itself is folded away on some devices
    define(
      "isNumber",
      "x",
      `if (Math.abs(x) <= ${largest}) { return 1; }\n  if (x > ${largest}) { return 1; }\n  if (x < 0) { return 1; }\n  return 0;`,
    ),
    // towards zero; what is no number is 0
    define(
      "whole",
      "x",
      "if (isNumber(x) < 0.5) { return 0; }\n  if (x < 0) { return 0 - Math.floor(0 - x); }\n  return Math.floor(x);",
    ),
    // NaN wins, and +0 is above -0
    define(
      "larger",
      "a, b",
      "if (a > b) { return a; }\n  if (b > a) { return b; }\n  if (a === b) {\n    if (a === 0) { return a + b; }\n    return a;\n  }\n  if (isNumber(a) < 0.5) { return a; }\n  return b;",
    ),
    define(
      "smaller",
      "a, b",
      "if (a < b) { return a; }\n  if (b < a) { return b; }\n  if (a === b) {\n    if (a === 0) { return -((-a) + (-b)); }\n    return a;\n  }\n  if (isNumber(a) < 0.5) { return a; }\n  return b;",
    ),
    define("scaleBy", "p, t", "if (p === 0) { return 0; }\n  if (t === 0) { return 0; }\n  return p * t;"),
    define("square", "x", "return x * x;"),
    // whether two values tie: NaN ties with NaN
    define(
      "isTied",
      "a, b",
      "if (a === b) { return 1; }\n  if (isNumber(a) + isNumber(b) < 0.5) { return 1; }\n  return 0;",
    ),
    // whether one stands before the other in ascending order: NaN stands last
    define(
      "isBefore",
      "a, b",
      "if (a < b) { return 1; }\n  if (isNumber(a) > 0.5) {\n    if (isNumber(b) < 0.5) { return 1; }\n  }\n  return 0;",
    ),
    // that of devices loses as many units as the argument is large; powers of two are scaled in two steps, each in range
    define(
      "ownExp",
      "x",
      `if (x > 89) { return x * ${largest}; }
  if (x < -104) { return 0; }
  const k = Math.floor(x * 1.4426950408889634 + 0.5);
  const r = (x - k * 0.693359375) + k * 0.00021219444005469057;
  const part = Math.floor(k / 2);
  return (1 + ${seriesOf("r")}) * Math.pow(2, part) * Math.pow(2, k - part);`,
    ),
    // the sum of two numbers below 2^24 without its last byte, which the sum itself would round
    define(
      "upperBytes",
      "a, b",
      "const p = Math.floor(a / 256);\n  const q = Math.floor(b / 256);\n  if ((a - p * 256) + (b - q * 256) >= 256) { return p + q + 1; }\n  return p + q;",
    ),
    // a whole number below n < 2^24 from 32 bits in halves: the upper part of their product, byte by byte
    define(
      "drawn",
      "high, low, n",
      `const n2 = Math.floor(n / 65536);
  const n1 = Math.floor((n - n2 * 65536) / 256);
  const n0 = n - n2 * 65536 - n1 * 256;
  const first = upperBytes(Math.floor(low * n0 / 256), low * n1);
  const second = upperBytes(first + low * n2, high * n0);
  return upperBytes(second, high * n1) + high * n2;`,
    ),
    define("ownExpm1", "x", `if (Math.abs(x) < 0.5) { return ${expSeries}; }\n  return ownExp(x) - 1;`),
    define(
      "ownLog1p",
      "x",
      `if (Math.abs(x) < 0.5) {\n    const s = x / (2 + x);\n    const t = s * s;\n    return 2 * ${artanhSeries};\n  }\n  return Math.log(1 + x);`,
    ),
    define(
      "ownTanh",
      "x",
      "const size = Math.abs(x);\n  if (size < 0.25) {\n    const z = x * x;\n    return x * (1 - z * (0.3333333333333333 - z * (0.13333333333333333 - z * (0.05396825396825397 - z * 0.021869488536155203))));\n  }\n  const e = ownExp(-2 * size);\n  const y = (1 - e) / (1 + e);\n  if (x < 0) { return -y; }\n  return y;",
    ),
    define("ownSin", "x", turned(0)),
    define("ownCos", "x", turned(1)),
    define(
      "ownErf",
      "x",
      `const size = Math.abs(x);\n  if (size < 1) {\n    const z = x * x;\n    return ${erfSeries()};\n  }\n  const t = 1 / (1 + 0.3275911 * size);\n  const y = 1 - t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * ownExp(-(size * size));\n  if (x < 0) { return -y; }\n  return y;`,
    ),
    define(
      "ownPow",
      "a, b",
      "if (b === 0) { return 1; }\n  if (a === 1) { return 1; }\n  const size = Math.pow(Math.abs(a), b);\n  if (a >= 0) { return size; }\n  if (Math.floor(b) !== b) { return Math.sqrt(a); }\n  if (Math.floor(b / 2) * 2 === b) { return size; }\n  return -size;",
    ),
  ].map((one) => [one.name, one]),
);

/** The functions that a text calls, and those that they call. */
export function functionsIn(text: string): TextFunction[] {
  const found = new Set<TextFunction>();
  const look = (source: string): void => {
    for (const [, name] of source.matchAll(/\b([a-zA-Z]\w*)\(/g)) {
      const one = Object.hasOwn(textFunctions, name as string) ? textFunctions[name as string] : undefined;
      if (one === undefined || found.has(one)) continue;
      found.add(one);
      look(one.source);
    }
  };
  look(text);
  return [...found];
}
