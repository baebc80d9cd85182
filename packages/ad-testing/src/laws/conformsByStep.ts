// A machine that rounds in its own way beside the reference, instruction by instruction.
import {
  apply,
  compile,
  type Machine,
  type Place,
  type Primitive,
  type ProgramData,
  type Tensor,
} from "@nonsmooth/ad-core";
import { flattenTree, lengthOf, type Step, stepAt } from "@nonsmooth/ad-core/machines";
import fc from "fast-check";
import type { RunOptions } from "../tools/properties.ts";
import { isReal } from "../tools/tolerances.ts";
import type { ConformsOptions } from "./conforms.ts";
import { asked, askedCases, type Question, tensorsOf } from "./questions.ts";

/** Compares what a machine made of some instructions with what the reference makes of them from the same numbers. */
export type StepAgreement = (what: string, got: Tensor, expected: Tensor, done: readonly DoneStep[]) => void;

/** An instruction that was done. */
export interface DoneStep {
  readonly primitive: Primitive;
  readonly params: unknown;
}

/** Settings of {@link conformsByStep}. */
export interface ConformsByStepOptions extends RunOptions, Pick<ConformsOptions, "dtypes" | "steps"> {
  /** How results must agree. */
  readonly agree: StepAgreement;
}

/**
 * Checks the instructions of random programs, of their derivatives and of the reports of their kinks one by one: what the machine
 * makes of the numbers that it has itself is compared with what the reference makes of the same numbers.
 *
 * A machine that rounds `exp` otherwise than the reference may find another branch larger a few instructions later, and
 * rightly so: {@link conforms} would blame it. Here the operands of every kink are looked at, so that ties are decided from
 * them exactly. Of the other values some are looked at, drawn at random: those between them are computed together, as a
 * machine likes to do.
 *
 * @param machine - where programs run; its `run` may return a promise
 * @param options - `agree`, which is told what was done since the machine was last looked at; `dtypes`, `steps`, and `runs` and `seed` as all laws take them
 * @throws Error with the program as code, when a result differs
 * @example
 * await conformsByStep(reference(), { runs: 2, agree: (what, got, expected) => expectSameBits(what, got, expected) })
 */
export async function conformsByStep(machine: Machine, options: ConformsByStepOptions): Promise<void> {
  const { dtypes = machine.dtypes.filter(isReal), agree, steps = 6, seed, runs } = options;
  const cases = fc.tuple(askedCases(steps, dtypes), fc.infiniteStream(fc.boolean()));
  const property = fc.asyncProperty(cases, async ([one, isSeen]) => {
    for (const question of asked(one))
      await expectByStep(machine, question, agree, () => isSeen.next().value as boolean);
  });
  const parameters = { includeErrorInReport: true, ...(seed === undefined ? {} : { seed }) };
  await fc.assert(property, { ...parameters, ...(runs === undefined ? {} : { numRuns: runs }) });
}

/**
 * Checks the instructions of one program one by one, as {@link conformsByStep} does.
 *
 * @param machine - where it runs
 * @param question - the program, arguments for it, and what to call it in messages
 * @param agree - how results must agree
 * @param isSeen - whether the next value is looked at; all are when absent
 * @throws whatever `agree` throws
 * @example
 * const program = trace((x) => mul(x, 2), [tensor(3)]);
 * await expectByStep(reference(), { what: "twice", program, args: [tensor(3)] }, (what, got, expected) => expectSameBits(what, got, expected))
 */
export async function expectByStep(
  machine: Machine,
  { what, program, args }: Question,
  agree: StepAgreement,
  isSeen: () => boolean = () => true,
): Promise<void> {
  const places = seenPlaces(program, isSeen);
  const executable = compile(withOutputs(program, places), machine);
  try {
    const seen = new Map(tensorsOf(await executable.run(args)).map((tensor, i) => [places[i] as Place, tensor]));
    const values: Tensor[] = [...args];
    const unseen = new Map<Place, readonly DoneStep[]>();
    const valueAt = (place: Place): Tensor => (place < 0 ? program.constants[-1 - place] : values[place]) as Tensor;
    for (let i = 0; i < lengthOf(program); i++) {
      const { primitive, operands, params, site } = stepAt(program, i);
      const expected = apply(primitive, operands.map(valueAt), params, site);
      const got = seen.get(values.length);
      const done = [...operands.flatMap((place) => unseen.get(place) ?? []), { primitive, params }];
      if (got) agree(`${what}, ${textOf(i, { primitive, operands, params })}`, got, expected, done);
      else unseen.set(values.length, done);
      values.push(got ?? expected);
    }
  } finally {
    executable.dispose();
  }
}

const textOf = (i: number, { primitive, operands, params }: Pick<Step, "primitive" | "operands" | "params">): string =>
  `instruction ${i} = ${primitive.name}(${operands.map((place) => `%${place}`).join(", ")}) ${JSON.stringify(params)}`;

/** Results, operands of kinks, and others by the flip of a coin. */
function seenPlaces(program: ProgramData, isSeen: () => boolean): Place[] {
  const inputs = program.inputTypes.length;
  const seen = new Set<Place>(program.outputs);
  for (let i = 0; i < lengthOf(program); i++) {
    const { primitive, operands } = stepAt(program, i);
    if (primitive.kink) for (const place of operands) seen.add(place);
    if (isSeen()) seen.add(inputs + i);
  }
  return [...seen].filter((place) => place >= inputs).toSorted((a, b) => a - b);
}

/** The program with other results: a list of them. */
function withOutputs(program: ProgramData, places: readonly Place[]): ProgramData {
  const { form } = flattenTree(
    "conformsByStep",
    Array.from(places, () => 0),
  );
  return { ...program, outputs: Int32Array.from(places), outputForm: form };
}
