import { describe, expect, test } from "vitest";
import {
  add,
  arange,
  batchNorm,
  cast,
  compile,
  costReport,
  type DType,
  full,
  grad,
  hessian,
  jvp,
  key as keyOf,
  kinks,
  layerNorm,
  listing,
  mean,
  mul,
  type Nested,
  programFromJson,
  programToJson,
  randomNormal,
  reference,
  relu,
  simplify,
  square,
  sum,
  type Tensor,
  tensor,
  trace,
  variance,
  zeros,
} from "../index.ts";

/** The numbers of a tensor; -0 counts as 0. */
const numbers = (x: Tensor): number[] => Array.from(x.data, (v) => v + 0);

function expectClose(found: Tensor, expected: readonly number[], digits = 13): void {
  expect(found.data).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(found.data[i]).toBeCloseTo(value, digits);
  });
}

/** The gradient of a scalar function, which forward mode and central differences must give too. */
function gradient(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  const reverse = grad(f)(x);
  const step = 2 ** -17;
  reverse.data.forEach((slope, i) => {
    const unit = tensor(
      Array.from(reverse.data, (_, j) => (i === j ? 1 : 0)),
      { shape: x.shape },
    );
    expect(jvp(f, [x], [unit])[1].data[0]).toBeCloseTo(slope, 13);
    const [above, below] = [step, -step].map((h) => f(add(x, mul(unit, h))).data[0] as number) as [number, number];
    expect((above - below) / (2 * step)).toBeCloseTo(slope, 7);
  });
  return reverse;
}

/** Numbers that look random, the same for each seed. */
const draw = (seed: number, shape: number[]): Tensor => randomNormal(keyOf(seed), shape);

const row = tensor([0, 0, 0, 4]);
const one = tensor([1, 0, 0, 0]);

describe("layerNorm", () => {
  test("takes away the mean and divides by the deviation", () => {
    expect(numbers(layerNorm(row, { epsilon: 1 }))).toEqual([-0.5, -0.5, -0.5, 1.5]);
    expect(
      numbers(
        layerNorm(
          tensor([
            [1, 3],
            [2, 8],
          ] as Nested),
          { epsilon: 0 },
        ),
      ),
    ).toEqual([-1, 1, -1, 1]);
    expect(numbers(layerNorm(tensor([1, 3])))).toEqual([-1, 1].map((sign) => sign / Math.sqrt(1 + 1e-5)));
  });

  test("has one group for all axes that are named", () => {
    const x = tensor([
      [0, 0],
      [0, 4],
    ] as Nested);
    expect(numbers(layerNorm(x, { axes: [-2, 1], epsilon: 1 }))).toEqual([-0.5, -0.5, -0.5, 1.5]);
    expect(numbers(layerNorm(x, { axes: 0, epsilon: 0.5 }))).toEqual([0, -2 / Math.sqrt(4.5), 0, 2 / Math.sqrt(4.5)]);
    expect(numbers(layerNorm(x, { axes: [], epsilon: 1 }))).toEqual([0, 0, 0, 0]);
  });

  test("scales and shifts by tensors in the shape of those axes", () => {
    const [scale, shift] = [tensor([1, 2, 3, 4]), tensor([10, 20, 30, 40])];
    expect(numbers(layerNorm(row, { epsilon: 1, scale, shift }))).toEqual([9.5, 19, 28.5, 46]);
    expect(numbers(layerNorm(row, { epsilon: 1, scale }))).toEqual([-0.5, -1, -1.5, 6]);
    expect(numbers(layerNorm(row, { epsilon: 1, shift }))).toEqual([9.5, 19.5, 29.5, 41.5]);
    const tall = tensor([1, 0, 0, 3, 4, 4], { shape: [2, 3] });
    expect(numbers(layerNorm(tall, { axes: 0, epsilon: 0, shift: tensor([0, 10]) }))).toEqual([-1, -1, -1, 11, 11, 11]);
  });

  test("has these derivatives", () => {
    const f = (x: Tensor): Tensor => sum(mul(layerNorm(x, { epsilon: 1 }), one));
    expect(numbers(gradient(f, row))).toEqual([0.34375, -0.15625, -0.15625, -0.03125]);
    const pair = (x: Tensor): Tensor => sum(mul(layerNorm(x, { epsilon: 0 }), tensor([5, 7])));
    expect(numbers(gradient(pair, tensor([1, 3])))).toEqual([0, 0]);
  });

  test("has a finite derivative at equal numbers, and no curvature there", () => {
    const f = (x: Tensor): Tensor => sum(mul(layerNorm(x, { epsilon: 0.25 }), one));
    expect(numbers(layerNorm(full([4], 0.1)))).toEqual([0, 0, 0, 0]);
    expect(numbers(gradient(f, full([4], 3)))).toEqual([1.5, -0.5, -0.5, -0.5]);
    expect(numbers(hessian(f, [full([4], 3)]))).toEqual(Array(16).fill(0));
    expect(kinks(f, [full([4], 3)]).status).toBe(3);
  });

  test("is smooth beside a kink, and reported when it has no value", () => {
    const f = (x: Tensor): Tensor => sum(relu(layerNorm(x, { site: "norm" })));
    expect(kinks(f, [tensor([1, 2, 3])]).kinks.map(({ name }) => name)).toEqual(["relu"]);
    expect(kinks((x: Tensor) => layerNorm(x, { epsilon: 0 }), [tensor([2, 2])]).status).toBe(-2);
  });

  test("of numbers that are not finite is NaN in their row only", () => {
    const x = tensor([
      [1, NaN],
      [Infinity, 2],
      [1, 3],
    ] as Nested);
    expect(numbers(layerNorm(x, { epsilon: 0 }))).toEqual([NaN, NaN, NaN, NaN, -1, 1]);
  });

  test("of one number is 0, and of none nothing", () => {
    expect(numbers(layerNorm(tensor([[7], [-2]])))).toEqual([0, 0]);
    expect(numbers(gradient((x) => sum(layerNorm(x)), tensor([7])))).toEqual([0]);
    for (const shape of [[0, 3], [3, 0], [0]]) {
      expect(layerNorm(zeros(shape)).shape).toEqual(shape);
      expect(grad((x: Tensor) => sum(layerNorm(x)))(zeros(shape)).shape).toEqual(shape);
    }
  });

  // Made with PyTorch 1.13: layer_norm in float64 of torch.manual_seed(7), 2 randn(2, 4) rounded to 2 decimals.
  test("agrees with PyTorch, its derivatives too", () => {
    const x = tensor([
      [-0.29, 1.57, 1.89, -2.23],
      [3.38, -1.79, -0.71, 2.46],
    ] as Nested);
    const [scale, shift] = [tensor([1, -2, 0.5, 3]), tensor([0, 1, -1, 2])];
    const w = tensor([
      [1, 2, -1, 0.5],
      [3, -2, 1, 0],
    ] as Nested);
    const f = (x: Tensor, scale: Tensor, shift: Tensor): Tensor => sum(mul(layerNorm(x, { scale, shift }), w));
    expectClose(
      layerNorm(x, { scale, shift }),
      [
        -0.3184284105868543, -0.619435916698859, -0.4980961718845297, -2.4852916119805473, 1.1867626582734332,
        3.4481351496799704, -1.3602256005957671, 4.273268353274259,
      ],
    );
    const [gx, gscale, gshift] = grad(f, { wrt: [0, 1, 2] })(x, scale, shift) as [Tensor, Tensor, Tensor];
    expectClose(
      gx,
      [
        0.6055161810766856, -1.3491173357470876, 0.9592041993609455, -0.21560304469054348, 0.7592711900541752,
        0.7488643601704593, -0.7836404881804306, -0.7244950620442041,
      ],
    );
    expectClose(gscale, [3.241859564233445, 4.06757106637883, -1.7242588574224746, -0.7475486019967579]);
    expectClose(gshift, [4, 0, 0, 0.5]);
  });
});

describe("batchNorm", () => {
  const x = tensor([
    [1, 0],
    [3, 8],
  ] as Nested);

  test("normalizes each channel by the batch, or by the numbers given", () => {
    expect(numbers(batchNorm(x, { epsilon: 0 }))).toEqual([-1, -1, 1, 1]);
    const given = { mean: tensor([1, 2]), variance: tensor([1, 4]), epsilon: 0 };
    expect(numbers(batchNorm(x, given))).toEqual([0, -1, 2, 3]);
    const learned = { scale: tensor([2, 10]), shift: tensor([1, 0.5]) };
    expect(numbers(batchNorm(x, { epsilon: 0, ...learned }))).toEqual([-1, -9.5, 3, 10.5]);
    expect(numbers(batchNorm(x, { ...given, ...learned }))).toEqual([1, -9.5, 5, 30.5]);
  });

  test("takes images over all their pixels", () => {
    const images = tensor([1, 3, 0, 4, 3, 1, 4, 0], { shape: [2, 2, 1, 2] });
    expect(numbers(batchNorm(images, { epsilon: 0 }))).toEqual([-1, 1, -1, 1, 1, -1, 1, -1]);
    const given = { mean: tensor([1, 0]), variance: tensor([4, 16]), epsilon: 0 };
    expect(numbers(batchNorm(images, given))).toEqual([0, 1, 0, 1, 1, 0, 1, 0]);
  });

  test("with the statistics of the batch given has the same value and another derivative", () => {
    const images = draw(3, [4, 2, 3, 3]);
    const axes = [0, 2, 3];
    const own = { mean: mean(images, { axes }), variance: variance(images, { axes }) };
    expectClose(batchNorm(images, own), numbers(batchNorm(images)));
    const w = draw(4, [4, 2, 3, 3]);
    const slope = (options: object): number[] =>
      numbers(sum(grad((x: Tensor) => sum(mul(batchNorm(x, options), w)))(images), { axes }));
    expect(slope(own).every((total) => Math.abs(total) > 0.1)).toBe(true);
    expectClose(tensor(slope({})), [0, 0]);
  });

  test("has a gradient that sums to 0 over each channel and is across the distances to the mean", () => {
    const [images, w] = [draw(5, [5, 3, 2, 2]), draw(6, [5, 3, 2, 2])];
    const axes = [0, 2, 3];
    const g = grad((x: Tensor) => sum(mul(batchNorm(x, { epsilon: 0 }), w)))(images);
    expectClose(sum(g, { axes }), [0, 0, 0]);
    expectClose(sum(mul(g, images), { axes }), [0, 0, 0]);
  });

  test("does not see the scale of its input, nor a shift of it", () => {
    const images = draw(7, [6, 2]);
    const y = numbers(batchNorm(images, { epsilon: 0 }));
    expect(numbers(batchNorm(mul(images, 1024), { epsilon: 0 }))).toEqual(y);
    expectClose(batchNorm(add(mul(images, 3), 7), { epsilon: 0 }), y);
  });

  test("has derivatives in each of its tensors, in both modes", () => {
    const w = tensor([
      [1, 2],
      [-3, 4],
      [5, 0.5],
    ] as Nested);
    const at = tensor([
      [1, 0],
      [3, 8],
      [-2, 1],
    ] as Nested);
    gradient((v) => sum(mul(batchNorm(v), w)), at);
    const part = (name: string): ((v: Tensor) => Tensor) => {
      const all = { mean: tensor([1, 2]), variance: tensor([1, 4]), scale: tensor([2, 3]), shift: tensor([0, 1]) };
      return (v) => sum(mul(batchNorm(at, { ...all, [name]: v }), w));
    };
    for (const name of ["mean", "variance", "scale", "shift"]) gradient(part(name), tensor([0.75, 2.5]));
    expect(numbers(grad(part("shift"))(tensor([0, 0])))).toEqual([3, 6.5]);
  });

  test("of one number in a channel is 0, and of an empty batch nothing", () => {
    expect(numbers(batchNorm(tensor([[5, -3]]), { shift: tensor([1, 2]) }))).toEqual([1, 2]);
    expect(numbers(grad((v: Tensor) => sum(batchNorm(v)))(tensor([[5, -3]])))).toEqual([0, 0]);
    expect(batchNorm(zeros([0, 3, 2])).shape).toEqual([0, 3, 2]);
    expect(grad((v: Tensor) => sum(batchNorm(v)))(zeros([0, 3])).shape).toEqual([0, 3]);
    const given = { mean: zeros([3]), variance: zeros([3]) };
    expect(batchNorm(zeros([0, 3]), given).shape).toEqual([0, 3]);
  });

  test("of a channel with NaN is NaN there only", () => {
    expect(
      numbers(
        batchNorm(
          tensor([
            [1, NaN],
            [3, 1],
          ] as Nested),
          { epsilon: 0 },
        ),
      ),
    ).toEqual([-1, NaN, 1, NaN]);
  });

  // Made with PyTorch 1.13: batch_norm in float64, 2 randn(2, 2, 1, 3) rounded to 2 decimals.
  const images = tensor([0.28, -3.36, 0.64, 0.27, 0.27, 0.48, 2.79, 2.69, 4.88, 0.41, 4.9, 4.05], {
    shape: [2, 2, 1, 3],
  });
  const w = tensor([1, 2, -1, 0.5, 3, -2, 1, 0, 2, 1, -3, 0.25], { shape: [2, 2, 1, 3] });
  const [scale, shift] = [tensor([1.5, -2]), tensor([0.25, 1])];
  const f =
    (given: object) =>
    (x: Tensor, scale: Tensor, shift: Tensor): Tensor =>
      sum(mul(batchNorm(x, { scale, shift, ...given }), w));

  test("agrees with PyTorch in training", () => {
    expectClose(
      batchNorm(images, { scale, shift }),
      [
        -0.35299671038762576, -2.463485196744316, -0.14426707986883222, 2.4914189499536787, 2.4914189499536787,
        2.2768997859192455, 1.1023126579517404, 1.0443322050298531, 2.3141041240191806, 2.3484061739307234,
        -2.238217857091208, -1.3699260026661202,
      ],
    );
    const [gx, gscale, gshift] = grad(f({}), { wrt: [0, 1, 2] })(images, scale, shift) as [Tensor, Tensor, Tensor];
    expectClose(
      gx,
      [
        0.07966639413931761, 0.6000839941347922, -1.0740692317378686, 0.2805940642936426, -2.2732055075448487,
        2.7144466265291776, 0.1206172711587475, -0.46081876710472225, 0.7345203394097333, -0.3101305231426934,
        1.2113674912404444, -1.6230721513757234,
      ],
    );
    expectClose(gscale, [-0.43678607867821573, -6.568372498768601]);
    expectClose(gshift, [5, -0.25]);
  });

  test("agrees with PyTorch in evaluation", () => {
    const given = { mean: tensor([0.5, -1]), variance: tensor([2, 0.25]) };
    expectClose(
      batchNorm(images, { scale, shift, ...given }),
      [
        0.016655345569346204, -3.844138027737835, 0.398492052819507, -4.079898403047898, -4.079898403047898,
        -4.9198816035518815, 2.6789057211190785, 2.5728399691051447, 4.895679938210289, -4.6398872033838865,
        -22.599528014159528, -19.199596012119596,
      ],
    );
    const [gx, gscale, gshift] = grad(f(given), { wrt: [0, 1, 2] })(images, scale, shift) as [Tensor, Tensor, Tensor];
    expectClose(
      gx,
      [
        1.0606575201393356, 2.121315040278671, -1.0606575201393356, -1.9999600011999599, -11.99976000719976,
        7.9998400047998395, 1.0606575201393356, 0, 2.121315040278671, -3.9999200023999197, 11.99976000719976,
        -0.9999800005999799,
      ],
    );
    expectClose(gscale, [2.100101889875885, -27.084458316250466]);
    expectClose(gshift, [5, -0.25]);
  });
});

describe("rounding", () => {
  /** The largest error of `layerNorm` over whole numbers far from 0, against the same row around 0 in f64. */
  const errorFarAway = (dtype: DType, offset: number, unit: number, length: number): number => {
    const near = Array.from({ length }, (_, i) => ((i * 37) % 23) - 9);
    const exact = layerNorm(tensor(near), { epsilon: 0 });
    const far = layerNorm(
      tensor(
        near.map((v) => offset + unit * v),
        { dtype },
      ),
      { epsilon: 0 },
    );
    return Math.max(...exact.data.map((v, i) => Math.abs(v - (far.data[i] as number))));
  };

  test("rows far from 0 lose nothing", () => {
    expect(errorFarAway("f64", 1e8, 2 ** -26, 100)).toBeLessThan(1e-15);
    expect(errorFarAway("f32", 1e8, 8, 100)).toBeLessThan(4e-7);
    expect(errorFarAway("f32", 1e8, 8, 5000)).toBeLessThan(1e-6);
    expect(errorFarAway("f16", 1024, 1, 100)).toBeLessThan(1e-3);
  });

  test("equal numbers far from 0 are 0 away from their mean, however it is rounded", () => {
    for (const dtype of ["f64", "f32", "f16", "bf16"] as const)
      expect(numbers(layerNorm(full([7], 0.1, { dtype })))).toEqual(Array(7).fill(0));
  });

  test("in 16 bits the squares do not overflow, in the derivative neither", () => {
    const far = tensor([300, -300, 300, -300], { dtype: "f16" });
    expect(numbers(layerNorm(far))).toEqual([1, -1, 1, -1]);
    const at = tensor([300, -200, 50, -280], { dtype: "f16" });
    for (const dtype of ["f16", "bf16", "f32"] as const) {
      const w = tensor([1, 2, -1, 4], { dtype });
      const found = grad((x: Tensor) => sum(mul(layerNorm(x), w)))(cast(at, dtype));
      const exact = grad((x: Tensor) => sum(mul(layerNorm(x), cast(w, "f64"))))(cast(at, "f64"));
      const limit = { f16: 2 ** -9, bf16: 2 ** -6, f32: 2 ** -21 }[dtype];
      found.data.forEach((slope, i) => {
        expect(Math.abs(slope - (exact.data[i] as number))).toBeLessThan(limit * 0.01);
      });
    }
  });

  test("results are rounded once: in 16 bits they are those of 32 bits", () => {
    const x = tensor(
      [
        [3, 1, -7],
        [2.5, 100, 0.125],
      ] as Nested,
      { dtype: "f16" },
    );
    for (const dtype of ["f16", "bf16"] as const) {
      const narrow = cast(x, dtype);
      expect(layerNorm(narrow).data).toEqual(cast(layerNorm(cast(narrow, "f32")), dtype).data);
    }
  });
});

describe("programs", () => {
  const step = (x: Tensor, scale: Tensor): Tensor =>
    sum(square(batchNorm(layerNorm(x, { site: "layer" }), { scale, site: "batch" })));
  const args = [draw(8, [4, 3]), tensor([1, 2, 3])] as const;

  test("recorded, simplified and written as JSON give the same bits", () => {
    const program = simplify(trace(grad(step, { wrt: [0, 1] }), args));
    const again = programFromJson(programToJson(program)) as unknown as typeof program;
    const direct = grad(step, { wrt: [0, 1] })(...args) as readonly Tensor[];
    const run = compile(again, reference()).run([...args]) as readonly Tensor[];
    expect(run.map((x) => x.data)).toEqual(direct.map((x) => x.data));
  });

  test("all instructions of a normalization carry its site", () => {
    const lines = listing(trace(step, args)).split("\n");
    const sited = (name: string): string[] => lines.filter((line) => line.includes(`= ${name}(`));
    expect(sited("normalize").map((line) => line.replace(/.*@/, ""))).toEqual(["layer", "batch"]);
    expect(sited("mul").every((line) => line.endsWith("@batch"))).toBe(true);
  });

  test("value and gradient cost less than three values", () => {
    const engineOf = (f: (x: Tensor) => Tensor): number => costReport(f, [zeros([16, 32])]).engine.backwardRatio;
    expect(engineOf((x) => sum(layerNorm(x)))).toBeLessThan(3);
    expect(engineOf((x) => sum(layerNorm(x, { scale: arange(32, { dtype: "f64" }) })))).toBeLessThan(3);
    expect(engineOf((x) => sum(batchNorm(x)))).toBeLessThan(3);
  });
});
