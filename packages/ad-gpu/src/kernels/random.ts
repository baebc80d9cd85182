// Random numbers from keys: the engine's generator, with words in halves of 16 bits, which floats hold.
import type { Shape } from "@nonsmooth/ad-core";
import type { Body } from "../text/body.ts";
import { sizeOf } from "../text/positions.ts";
import { type Kernel, oneStage } from "./kernel.ts";

/** A word of 32 bits as two numbers. */
interface Word {
  readonly high: string;
  readonly low: string;
}

const half = 65536;

/** Which half of what a counter says belongs to which distribution; as in the engine. */
const domains = { uniform: 1, normal: 2 } as const;

/** Sets `x` to the sum of both, without what lies above 32 bits. */
function addTo(body: Body, x: Word, high: string, low: string): void {
  body.set(x.low, `${x.low} + ${low}`);
  const carry = body.variable(`Math.floor(${x.low} / ${half})`);
  body.set(x.low, `${x.low} - ${carry} * ${half}`);
  body.set(x.high, `${x.high} + ${high} + ${carry}`);
  body.set(x.high, `${x.high} - Math.floor(${x.high} / ${half}) * ${half}`);
}

/** Sets `y` to itself, rotated to the left, and then combined with `x` by an exclusive or. */
function rotateAndMix(body: Body, y: Word, by: number, x: Word): void {
  const [high, low] = by >= 16 ? [y.low, y.high] : [y.high, y.low];
  const bits = by % 16;
  const [up, down] = [2 ** bits, 2 ** (16 - bits)];
  const turned = (one: string, other: string): string =>
    bits === 0
      ? body.variable(one)
      : body.variable(`(${one} - Math.floor(${one} / ${down}) * ${down}) * ${up} + Math.floor(${other} / ${down})`);
  const [newHigh, newLow] = [turned(high, low), turned(low, high)];
  body.set(y.high, `${newHigh} ^ ${x.high}`);
  body.set(y.low, `${newLow} ^ ${x.low}`);
}

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** The words of a key at a place; `key` holds the three words of its schedule in halves. */
function words(body: Body, key: string, place: string, domain: number): { x: Word; y: Word } {
  const schedule = [0, 1, 2].map((k) => ({ high: `${key}[${2 * k}]`, low: `${key}[${2 * k + 1}]` }));
  const word = (high: string, low: string): Word => ({ high: body.variable(high), low: body.variable(low) });
  const upper = body.variable(`Math.floor(${place} / ${half})`);
  const x = word(upper, `${place} - ${upper} * ${half}`);
  const y = word("0", String(domain));
  const addKey = (to: Word, k: number, more = 0): void => {
    const { high, low } = schedule[k % 3] as Word;
    addTo(body, to, high, more === 0 ? low : `${low} + ${more}`);
  };
  addKey(x, 0);
  addKey(y, 1);
  for (let group = 1; group <= 5; group++) {
    for (const by of rotations[(group + 1) % 2] as readonly number[]) {
      addTo(body, x, y.high, y.low);
      rotateAndMix(body, y, by, x);
    }
    addKey(x, group);
    addKey(y, group + 1, group);
  }
  return { x, y };
}

interface Draws {
  readonly shape: Shape;
}

/** The upper 24 bits of a word, as a number in [0, 1). */
export const randomUniform: Kernel<Draws> = ({ params: { shape } }) =>
  oneStage(1, sizeOf(shape), (body, at, [key]) => {
    const { x } = words(body, key as string, at, domains.uniform);
    return `(${x.high} * 256 + Math.floor(${x.low} / 256)) / 16777216`;
  });

/** `r cos t` at even places and `r sin t` at odd ones, with `r = √(-2 log(1 - u))` and `t = 2 π v`. */
export const randomNormal: Kernel<Draws> = ({ params: { shape } }) =>
  oneStage(1, sizeOf(shape), (body, at, [key]) => {
    const pair = body.variable(`Math.floor(${at} / 2)`);
    const isOdd = body.variable(`${at} - 2 * ${pair}`);
    const first = words(body, key as string, body.variable(`2 * ${pair}`), domains.normal);
    const second = words(body, key as string, body.variable(`2 * ${pair} + 1`), domains.normal);
    // 1 - u, from the bits that u has not: exact where it is small
    const rest = body.variable(
      `((65535 - ${first.x.high}) + ((65535 - ${first.x.low}) + (65536 - ${first.y.high}) / 65536) / 65536) / 65536`,
    );
    const radius = body.variable(`Math.sqrt(-2 * Math.log(${rest}))`);
    const angle = body.variable(`6.283185307179586 * ((${second.x.high} + ${second.x.low} / 65536) / 65536)`);
    const result = body.variable(`${radius} * ownCos(${angle})`);
    body.if(`${isOdd} > 0.5`, () => body.set(result, `${radius} * ownSin(${angle})`));
    return result;
  });
