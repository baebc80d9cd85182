/** Windows of poolings and zeros of relus under the published choices. */
import { grad, mul, type Select, sum, type Tensor, tensor } from "@nonsmooth/ad-core";
import type { RealDType } from "@nonsmooth/nets";
import { type Layer, maxPoolChoice, normPoolChoice, reluChoice } from "@nonsmooth/nets/layers";
import { type Question, type Trap, trap } from "./trap.ts";

interface Chosen {
  readonly layer: Layer;
  readonly select: Select;
}

/** The gradient of a layer's output times a cotangent. */
function backwards({ layer, select }: Chosen, x: Tensor, cotangent: number): number[] {
  const run = (v: Tensor): Tensor => layer.apply({ params: {}, state: {} }, v, { training: true, key: null }).y;
  return Array.from(grad((v: Tensor) => sum(mul(run(v), cotangent)), { select })(x).data);
}

const windowOf = (cells: readonly number[], dtype: RealDType): Tensor =>
  tensor([...cells], { shape: [1, 1, 2, 2], dtype });

type Form = "fused" | "coded";
type Cells = readonly [number, number, number, number];

const two: Cells = [1, 1, 0, 0];
const four: Cells = [1, 1, 1, 1];
const none: Cells = [1, 4, 2, 3];

/** The weights of beta-MaxPool by hand: 0 is native, 1 is minimal. */
const golden: readonly (readonly [cells: Cells, beta: number, weights: readonly number[]])[] = [
  [two, 0, [1, 0, 0, 0]],
  [two, 1, [0.5, 0.5, 0, 0]],
  [two, 10, [-4, 5, 0, 0]],
  [two, 100, [-49, 50, 0, 0]],
  [four, 0, [1, 0, 0, 0]],
  [four, 1, [0.25, 0.25, 0.25, 0.25]],
  [four, 10, [-6.5, 2.5, 2.5, 2.5]],
  [none, 10, [0, 1, 0, 0]],
];

function poolTrap(form: Form, dtype: RealDType, cells: Cells, beta: number, asked: Partial<Question>, by = 1): Trap {
  const { pool: layer, select } = maxPoolChoice({ beta, form });
  const returned = backwards({ layer, select }, windowOf(cells, dtype), by);
  const at = `(${cells.join(", ")})${by === 1 ? "" : `, cotangent ${by}`}`;
  const rest = { group: "beta-MaxPool", what: "largest of a window", source: "derived", expected: [] } as const;
  return trap({ ...rest, derivative: null, at, dtype, choice: `beta = ${beta}, ${form}`, ...asked }, returned);
}

/** Every golden window in both forms and all formats, and one window without ties that rounding alone spoils. */
export function poolTraps(): Trap[] {
  const formats: readonly RealDType[] = ["f64", "f32", "f16", "bf16"];
  const windows = golden.flatMap(([cells, beta, expected]) =>
    (["fused", "coded"] as const).flatMap((form) =>
      formats.map((dtype) =>
        poolTrap(form, dtype, cells, beta, { expected, derivative: cells === none ? expected : null }),
      ),
    ),
  );
  const tenth = 0.0999755859375; // 0.1 in f16
  const over = [0, tenth, 0, 0];
  const spoiled = { expected: [0, 0.10009765625, 0, 0], overReals: over, derivative: over };
  return [
    ...windows,
    poolTrap("fused", "f16", none, 10, { expected: over, derivative: over }, tenth),
    poolTrap("coded", "f16", none, 10, spoiled, tenth),
  ];
}

/** Both norm-poolings at a window of zeros. */
export const normTraps = (): Trap[] =>
  ([1, 2] as const).map((choice) => {
    const { pool: layer, select } = normPoolChoice({ choice });
    const rest = { group: "norm-pooling", what: "norm of a window", at: "(0, 0, 0, 0)", dtype: "f32" } as const;
    const expected = new Array<number>(4).fill(choice - 1);
    return trap(
      { ...rest, choice: `choice ${choice}`, expected, source: "published code", derivative: null },
      backwards({ layer, select }, windowOf([0, 0, 0, 0], "f32"), 1),
    );
  });

/** A relu at 0 where little arrives: multiplying with alpha, and writing it. */
export const ruleTraps = (): Trap[] =>
  (["multiply", "assign"] as const).flatMap((rule) =>
    [0, 1].map((alpha) => {
      const { activation: layer, select } = reluChoice({ alpha, rule });
      const rest = { group: "relu at 0", what: "relu(t)", at: "t = 0, cotangent 2^-7", dtype: "f32" } as const;
      const expected = [rule === "multiply" ? alpha / 128 : alpha];
      const question = {
        ...rest,
        choice: `${rule} ${alpha}`,
        expected,
        source: "published code",
        derivative: null,
      } as const;
      return trap(question, backwards({ layer, select }, tensor([0], { dtype: "f32" }), 1 / 128));
    }),
  );
