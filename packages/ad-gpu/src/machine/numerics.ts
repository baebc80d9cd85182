// How a device treats the numbers that shading languages leave open: measured, not assumed.
import type { Device } from "../devices/device.ts";
import { stage } from "../kernels/kernel.ts";
import { Planner } from "../lowering/plan.ts";
import type { Body } from "../text/body.ts";

/** What a device does, as measured in its own kernels. */
export interface Numerics {
  /** NaN comes out where it went in, and out of arithmetic with it. */
  readonly keepsNaN: boolean;
  /** The device's own maximum of a number and NaN is NaN. Kernels of this package do not use it. */
  readonly maximumKeepsNaN: boolean;
  /** NaN differs from itself. Kernels of this package do not ask that. */
  readonly nanDiffersFromItself: boolean;
  /** The logarithm of a negative number is NaN. */
  readonly logOfNegativeIsNaN: boolean;
  /** Infinities come out where they went in, and out of overflow. */
  readonly keepsInfinities: boolean;
  /** A negative zero comes out where it went in, and out of products. */
  readonly keepsSignedZeros: boolean;
  /** Numbers below 2^-126 come out of products. */
  readonly keepsSubnormals: boolean;
  /** A product and the addition behind it are rounded once. */
  readonly fusesProducts: boolean;
  /** Every operation inside of a kernel is rounded to 32 bits. */
  readonly roundsEachOperation: boolean;
  /** Additions run in the order in which a kernel writes them. */
  readonly keepsOrderOfSums: boolean;
  readonly roundsDivisionCorrectly: boolean;
  readonly roundsRootCorrectly: boolean;
  /** Loops of more than 65535 rounds run to their end. Programs that need them are refused elsewhere. */
  readonly finishesLoops: boolean;
}

/** Numbers that do not repeat, between 0.5 and 2. */
const sample = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => 0.5 + ((((i + 1) * 7919 + seed * 104729) % 65521) / 65521) * 1.5);

/** A measurement: what goes in, what a kernel makes of it, and what is read off the result. */
interface Trial {
  readonly numbers: Float32Array;
  readonly size: number;
  readonly does: (body: Body, at: string, a: string) => string;
  readonly reads: (result: Float32Array, numbers: Float32Array) => boolean;
}

const one = (numbers: readonly number[], does: (a: string) => string, reads: (x: number) => boolean): Trial => ({
  ...{ numbers: Float32Array.from(numbers), size: 1, does: (_body, _at, a) => does(a) },
  reads: ([x]) => reads(x as number),
});

/** `2^-13` and its like are exact in 32 bits; the square of the sum with 1 is not. */
const nearOne = 1 + 2 ** -13;
const pairs = sample(512, 1);
/** Of a long loop. */
const rounds = 2 ** 17;
const terms = sample(9 * 64, 3);

/** Nine terms as {@link reductionStages} adds them. */
function stated(x: ArrayLike<number>, start: number): number {
  const at = (i: number): number => x[start + i] as number;
  const add = (a: number, b: number): number => Math.fround(a + b);
  const [a, b, c, d] = [add(add(at(0), at(8)), at(4)), add(at(1), at(5)), add(at(2), at(6)), add(at(3), at(7))];
  return add(add(a, c), add(b, d));
}

const trials: Readonly<Record<keyof Numerics, readonly Trial[]>> = {
  keepsNaN: [
    one([Number.NaN], (a) => `${a}[0]`, Number.isNaN),
    one([Number.NaN, 1], (a) => `${a}[0] + ${a}[1]`, Number.isNaN),
    one([Number.NaN], (a) => `${a}[0] - ${a}[0]`, Number.isNaN),
  ],
  maximumKeepsNaN: [one([Number.NaN, 0], (a) => `Math.max(${a}[1], ${a}[0])`, Number.isNaN)],
  nanDiffersFromItself: [
    one(
      [Number.NaN],
      (a) => `${a}[0] === ${a}[0] ? 1 : 0`,
      (x) => x === 0,
    ),
  ],
  logOfNegativeIsNaN: [one([-1], (a) => `Math.log(${a}[0])`, Number.isNaN)],
  keepsInfinities: [
    one(
      [Number.POSITIVE_INFINITY],
      (a) => `${a}[0]`,
      (x) => x === Number.POSITIVE_INFINITY,
    ),
    one(
      [3e38, 4],
      (a) => `${a}[0] * ${a}[1]`,
      (x) => x === Number.POSITIVE_INFINITY,
    ),
    one(
      [-1, 0],
      (a) => `${a}[0] / ${a}[1]`,
      (x) => x === Number.NEGATIVE_INFINITY,
    ),
  ],
  keepsSignedZeros: [
    one(
      [-0],
      (a) => `${a}[0]`,
      (x) => Object.is(x, -0),
    ),
    one(
      [-1, 0],
      (a) => `${a}[0] * ${a}[1]`,
      (x) => Object.is(x, -0),
    ),
    one(
      [0],
      (a) => `-${a}[0]`,
      (x) => Object.is(x, -0),
    ),
    // a compiler may leave out what is added or multiplied by a number in the text
    one(
      [-1],
      (a) => `${a}[0] * 0`,
      (x) => Object.is(x, -0),
    ),
    one(
      [-0],
      (a) => `${a}[0] + 0`,
      (x) => Object.is(x, 0),
    ),
  ],
  keepsSubnormals: [
    one(
      [1e-40],
      (a) => `${a}[0]`,
      (x) => x === Math.fround(1e-40),
    ),
    one(
      [1e-20, 1e-20],
      (a) => `${a}[0] * ${a}[1]`,
      (x) => x !== 0,
    ),
  ],
  fusesProducts: [
    one(
      [nearOne, -(1 + 2 ** -12)],
      (a) => `${a}[0] * ${a}[0] + ${a}[1]`,
      (x) => x === 2 ** -26,
    ),
  ],
  roundsEachOperation: [
    one(
      [2 ** 24, 1],
      (a) => `(${a}[0] + ${a}[1]) - ${a}[0]`,
      (x) => x === 0,
    ),
  ],
  keepsOrderOfSums: [
    {
      ...{ numbers: terms, size: 64 },
      does: (body, at, a) => {
        const start = body.variable(`${at} * 9`);
        const v = Array.from({ length: 9 }, (_, i) => body.variable(`${a}[${start} + ${i}]`));
        return `(((${v[0]} + ${v[8]}) + ${v[4]}) + (${v[2]} + ${v[6]})) + ((${v[1]} + ${v[5]}) + (${v[3]} + ${v[7]}))`;
      },
      reads: (result, numbers) => result.every((x, i) => x === stated(numbers, 9 * i)),
    },
  ],
  roundsDivisionCorrectly: [
    {
      ...{ numbers: pairs, size: 256, does: (_body, at, a) => `${a}[${at}] / ${a}[${at} + 256]` },
      reads: (result, x) => result.every((y, i) => y === Math.fround((x[i] as number) / (x[i + 256] as number))),
    },
    // a compiler may multiply by the rounded reciprocal of a number in the text
    {
      ...{ numbers: pairs, size: 512, does: (_body, at, a) => `${a}[${at}] / 3` },
      reads: (result, x) => result.every((y, i) => y === Math.fround((x[i] as number) / 3)),
    },
  ],
  roundsRootCorrectly: [
    {
      ...{ numbers: pairs, size: 512, does: (_body, at, a) => `Math.sqrt(${a}[${at}])` },
      reads: (result, x) => result.every((y, i) => y === Math.fround(Math.sqrt(x[i] as number))),
    },
  ],
  finishesLoops: [
    {
      ...{ numbers: Float32Array.of(1), size: 1 },
      does: (body, _at, a) => {
        const total = body.variable("0");
        body.repeat(rounds, () => body.set(total, `${total} + ${a}[0]`));
        return total;
      },
      reads: ([total]) => total === rounds,
    },
  ],
};

/** Devices that were measured. */
const measured = new WeakMap<Device, Promise<Numerics>>();

/** What a device does: measured when it is asked first. */
export function numericsOf(device: Device): Promise<Numerics> {
  const found = measured.get(device) ?? measure(device);
  measured.set(device, found);
  found.catch(() => measured.delete(device));
  return found;
}

async function measure(device: Device): Promise<Numerics> {
  const all = Object.values(trials).flat();
  const planner = new Planner();
  const cells = all.map(({ numbers, size, does }) => {
    const input = planner.cell(numbers.length);
    const made = planner.add([stage([0], size, (body, at, [a]) => does(body, at, a as string))], [input]);
    for (const cell of [input, made]) planner.kept.add(cell);
    return { input, made };
  });
  const session = await device.prepare(planner);
  try {
    cells.forEach(({ input }, i) => {
      session.write(input, (all[i] as Trial).numbers);
    });
    const results = await session.run(cells.map(({ made }) => made));
    const held = new Map(all.map((trial, i) => [trial, trial.reads(results[i] as Float32Array, trial.numbers)]));
    const entries = Object.entries(trials).map(([name, parts]) => [name, parts.every((trial) => held.get(trial))]);
    return Object.fromEntries(entries) as unknown as Numerics;
  } finally {
    session.dispose();
  }
}
