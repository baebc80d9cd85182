/** Options that several commands share, and how their texts are read. */
import type { RealDType } from "@nonsmooth/nets";
import { type Command, InvalidArgumentError, Option } from "commander";
import { choiceForms } from "../training/selections.ts";

/** What {@link commonOptions} adds, as a command's action receives it. */
export interface CommonOptions {
  readonly seed: number;
  readonly dtype: RealDType;
  /** For `parseSelect`. */
  readonly select: readonly string[];
  readonly json?: true;
}

/** Adds `--seed`, `--dtype`, `--select` and `--json`. */
export function commonOptions(command: Command): Command {
  return command
    .addOption(new Option("--seed <number>", "seed of all that is drawn").argParser(wholeNumber).default(1))
    .addOption(new Option("--dtype <name>", "number format").choices(["f64", "f32", "f16", "bf16"]).default("f64"))
    .addOption(
      new Option("--select <name=choice>", `choice at a kink, NAME[@SITE]=${choiceForms}; may be repeated`)
        .argParser((text: string, earlier: readonly string[]) => [...earlier, text])
        .default([], "those of the operations"),
    )
    .option("--json", "print one JSON object");
}

/** A whole number from 0 on, for an option. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("Expected a whole number from 0 to 2^53 - 1.");
}

/** A whole number from 1 on, for an option. */
export function positiveWhole(text: string): number {
  const value = wholeNumber(text);
  if (value >= 1) return value;
  throw new InvalidArgumentError("Expected a whole number of at least 1.");
}

/** A finite number above 0, for an option. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < Infinity) return value;
  throw new InvalidArgumentError("Expected a number above 0.");
}

/** Names such as `lenet5,vgg11`, each once, for an option. */
export function nameList(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => name !== "") && new Set(names).size === names.length) return names;
  throw new InvalidArgumentError("Expected names, separated by commas, each once.");
}

/** Some of these names, for an option. */
export function namesAmong(known: readonly string[], text: string): string[] {
  const names = nameList(text);
  if (names.every((name) => known.includes(name))) return names;
  throw new InvalidArgumentError(`Expected some of ${known.join(", ")}.`);
}

/** How far apart branches may be that tie, for an option. */
export function tolerance(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < Infinity) return value;
  throw new InvalidArgumentError("Expected a number from 0.");
}

/** Whole numbers from 1 on, such as `10,100,1000`, for an option. */
export function wholeNumbers(text: string): number[] {
  const values = text.split(",").map((part) => wholeNumber(part.trim()));
  if (values.every((value) => value >= 1)) return values;
  throw new InvalidArgumentError("Expected whole numbers of at least 1.");
}

/** The shape of an image, such as `3,32,32`, for an option. */
export function imageShape(text: string): { channels: number; height: number; width: number } {
  const [channels, height, width, ...more] = wholeNumbers(text);
  if (channels === undefined || height === undefined || width === undefined || more.length > 0)
    throw new InvalidArgumentError("Expected CHANNELS,HEIGHT,WIDTH.");
  return { channels, height, width };
}

/** Numbers such as `0,-1.5,2e3`, for an option. */
export function numberList(text: string): number[] {
  const parts = text.split(",").map((part) => part.trim());
  const values = parts.map(Number);
  if (parts.every((part) => part !== "") && values.every((value) => Number.isFinite(value))) return values;
  throw new InvalidArgumentError("Expected numbers, separated by commas.");
}
