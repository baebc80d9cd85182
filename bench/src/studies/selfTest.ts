/** The engine, tried on this machine: derivatives at kinks in both modes, and the bits of two functions. */
import {
  add,
  compile,
  type DType,
  exp,
  grad,
  jvp,
  last,
  type Machine,
  matmul,
  max,
  reference,
  relu,
  type Select,
  sin,
  sum,
  type Tensor,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import { wasm } from "@nonsmooth/ad-wasm";

/** One thing that was tried. */
export interface Trial {
  readonly name: string;
  readonly passed: boolean;
  /** What was got in place of what, when it failed. */
  readonly found: string;
}

/** A function whose kinks are all met at {@link point}: relu at 0, and two largest entries. */
const kinked = (x: Tensor): Tensor => add(sum(relu(x)), max(x));
const point = [-1, 0, 2, 2];

/** By hand: relu gives [0, s, 1, 1] with s what is selected at 0; the two largest share 1. */
const gradients: readonly { readonly select: Select; readonly expected: readonly number[] }[] = [
  { select: {}, expected: [0, 0, 1.5, 1.5] },
  { select: { relu: last, max: last }, expected: [0, 1, 1, 2] },
];

/** Correctly rounded, from arithmetic with 80 digits. */
const bits: Readonly<Record<"exp" | "sin", readonly (readonly [argument: number, bits: string])[]>> = {
  exp: [
    [1, "4005bf0a8b145769"],
    [-0.1, "3fecf46d99d52b3a"],
    [100.25, "48f8c39b9134bac4"],
    [-700, "00d14f2b0fb9307f"],
  ],
  sin: [
    [1, "3feaed548f090cee"],
    [-0.1, "bfb98eaecb8bcb2c"],
    [100.25, "bfd1bf00980dc35c"],
    [1e22, "bfeb453ab76bf397"],
  ],
};

/** Runs all trials. */
export function selfTest(): Trial[] {
  const modes = { reverse: byReverse, forward: byForward };
  return [
    ...Object.entries(modes).map(([mode, gradient]) =>
      trial(`gradient at kinks, ${mode} mode`, gradients, ({ select, expected }) => [gradient(select), expected]),
    ),
    trial("bits of exp", bits.exp, ([x, expected]) => [[bitsOf(exp(tensor(x)))], [expected]]),
    trial("bits of sin", bits.sin, ([x, expected]) => [[bitsOf(sin(tensor(x)))], [expected]]),
    trial(
      "machine wasm has the bits of the reference",
      formats,
      (dtype) => [wasm(), reference()].map(runOn(dtype)) as never,
    ),
  ];
}

const formats = ["f64", "f32", "f16", "bf16"] as const;

/** A gradient with kinks, sums, products and elementary functions, in some format on some machine. */
const runOn =
  (dtype: DType) =>
  (machine: Machine): number[] => {
    const x = tensor(
      Array.from({ length: 400 }, (_, i) => ((i * 37) % 101) / 50 - 1),
      { shape: [20, 20], dtype },
    );
    const f = (a: Tensor): Tensor => add(max(sin(matmul(a, relu(a)))), sum(exp(a)));
    const program = trace((a: Tensor) => grad(f)(a), [x]);
    return Array.from((compile(program, machine).run([x]) as Tensor).data);
  };

type Comparison = readonly [got: readonly unknown[], expected: readonly unknown[]];

/** Compares case by case; an engine that throws has failed too. */
function trial<Case>(name: string, cases: readonly Case[], compare: (one: Case) => Comparison): Trial {
  try {
    const wrong = cases.map(compare).find(([got, expected]) => `${got}` !== `${expected}`);
    return {
      name,
      passed: wrong === undefined,
      found: wrong ? `[${wrong[0]}] in place of [${wrong[1]}]` : "as expected",
    };
  } catch (error) {
    return { name, passed: false, found: String(error) };
  }
}

const byReverse = (select: Select): number[] => Array.from(grad(kinked, { select })(tensor(point)).data);

/** One direction for each entry. */
const byForward = (select: Select): number[] =>
  point.map((_, i) => {
    const direction = tensor(point.map((_, j) => (i === j ? 1 : 0)));
    return jvp(kinked, [tensor(point)], [direction], { select })[1].data[0] as number;
  });

/** The 64 bits of a number, as hexadecimal digits. */
function bitsOf(y: Tensor): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, y.data[0] as number);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}
