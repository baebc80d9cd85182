// What the host computes: keys of random numbers and single numbers of 64 bits, which a float of the device does not hold.
import type { DType, Place } from "@nonsmooth/ad-core";
import type { PlacedStep, Values } from "@nonsmooth/ad-core/machines";
import type { View } from "../text/positions.ts";
import { otherFormat } from "./errors.ts";

/** Records that take a key as their first operand. */
const takesKey: ReadonlySet<string> = new Set(["split", "randomUniform", "randomNormal"]);

/** What a device holds: these are computed there unless something on the host is made of them. */
const onDevice: readonly DType[] = ["f32", "i32", "bool"];

/** What the host computes with. */
const onHost: readonly DType[] = ["f64", "i32", "bool"];

/** What is carried from run to run: for each input the place of the result that it becomes. */
export type CarriedPlaces = ReadonlyMap<Place, Place>;

/**
 * Keys and single numbers of 64 bits, such as the step that an optimizer has reached, with all that they are made of; and whole
 * numbers that no kernel reads, which may be keys for somebody else.
 *
 * @throws AdError "dtype" for other formats, for tensors of 64 bits, and where such a number is made of numbers on the device
 */
export function hostPlaces(values: Values<View>, carried: CarriedPlaces): ReadonlySet<Place> {
  const places = new Set<Place>();
  const mark = (place: Place): void => {
    if (places.has(place)) return;
    const { dtype } = values.type(place);
    if (!onHost.includes(dtype) || (dtype === "f64" && values.size(place) !== 1)) throw otherFormat(dtype);
    places.add(place);
    if (values.hasStep(place)) values.stepAt(place).operands.forEach(mark);
  };
  values.program.inputTypes.forEach(({ dtype }, input) => {
    if (!onDevice.includes(dtype)) mark(input);
  });
  for (const step of values.steps) for (const place of madeOnHost(step)) mark(place);
  for (const input of onlyHeld(values, carried, places)) mark(input);
  return places;
}

/** Inputs of whole numbers that no kernel reads, and that no kernel makes for the next run either. */
function onlyHeld(values: Values<View>, carried: CarriedPlaces, host: ReadonlySet<Place>): ReadonlySet<Place> {
  const onDevices = values.steps.filter(({ place }) => !host.has(place));
  const read = new Set(onDevices.flatMap(({ operands }) => operands));
  const held = new Set<Place>();
  values.program.inputTypes.forEach(({ dtype }, input) => {
    if (dtype === "i32" && !host.has(input) && !read.has(input)) held.add(input);
  });
  const isElsewhere = (input: Place): boolean => {
    const source = carried.get(input);
    return source !== undefined && source >= 0 && !host.has(values.root(source)) && !held.has(values.root(source));
  };
  for (let odd = [...held].filter(isElsewhere); odd.length > 0; odd = [...held].filter(isElsewhere))
    for (const input of odd) held.delete(input);
  return held;
}

/** The values that an instruction wants on the host: its result, its key, or what it rounds to 32 bits. */
function madeOnHost({ primitive: { name }, place, operands, type, types }: PlacedStep): Place[] {
  const isSingle = name === "cast" && type.dtype === "f32";
  const wide = operands.filter((_, i) => !onDevice.includes((types[i] as { dtype: DType }).dtype));
  const keys = takesKey.has(name) ? operands.slice(0, 1) : [];
  const isHost = name === "split" || !onDevice.includes(type.dtype) || (wide.length > 0 && !isSingle);
  return [...wide, ...keys, ...(isHost ? [place] : [])];
}

/** The instructions that the host computes, in order. */
export const hostSteps = (values: Values<View>, places: ReadonlySet<Place>): readonly PlacedStep[] =>
  values.steps.filter(({ place }) => places.has(place));
