// Where statements about random programs are tried.
import { type Select, type Tensor, tensor } from "@nonsmooth/ad-core";
import { anySelect, fc, type ProgramOptions, type RandomProgram, randomProgram } from "@nonsmooth/ad-testing";

/** A random program at one place under a table of selections, with directions of small whole numbers. */
export interface Run {
  readonly program: RandomProgram;
  readonly inputs: Tensor[];
  readonly select: Select;
  readonly tangents: Tensor[];
  readonly cotangent: Tensor;
}

const whole: fc.Arbitrary<Tensor> = fc
  .array(fc.integer({ min: -3, max: 3 }), { minLength: 9, maxLength: 9 })
  .map((list) => tensor(list, { shape: [3, 3] }));

/** Programs on inputs that land on kinks, or that stay clear of them. */
export const runs = (where: "kinky" | "smooth", options: ProgramOptions = {}): fc.Arbitrary<Run> =>
  randomProgram(options).chain((program) =>
    fc.record({
      program: fc.constant(program),
      inputs: program[where],
      select: anySelect(),
      tangents: fc.array(whole, { minLength: program.inputs, maxLength: program.inputs }),
      cotangent: whole,
    }),
  );

/** The sum of the products of two tensors. */
export const inner = (a: Tensor, b: Tensor): number =>
  Array.from(a.data, (v, i) => v * (b.data[i] as number)).reduce((total, v) => total + v, 0);

/** The number in a scalar. */
export const numberOf = (x: Tensor): number => x.data[0] as number;

/** The selections of a table that do not draw: draws are numbered along the run, which some transforms change. */
export const withoutDraws = (select: Select): Select =>
  Object.fromEntries(Object.entries(select).filter(([, s]) => s.kind === "point" || s.drawn === 0));
