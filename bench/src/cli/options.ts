/** Options that several commands share, and how their texts are read. */
import {
  AdError,
  atKink,
  atZero,
  blend,
  first,
  last,
  random,
  type Select,
  type Selection,
  uniform,
} from "@nonsmooth/ad-core";
import type { RealDType } from "@nonsmooth/nets";
import { type Command, InvalidArgumentError, Option } from "commander";

/** What {@link commonOptions} adds, as a command's action receives it. */
export interface CommonOptions {
  readonly seed: number;
  readonly dtype: RealDType;
  /** For {@link parseSelect}. */
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

/** The choices that have no number. */
const plain: Readonly<Record<string, Selection>> = {
  first,
  last,
  uniform,
  zero: atZero("zero"),
  ones: atZero("ones"),
};

/** Those that have one. */
const numbered: Readonly<Record<string, (value: number) => Selection>> = {
  kink: atKink,
  beta: (value) => blend(first, uniform, value),
  random,
};

const choiceForms = "first|last|uniform|kink:S|beta:B|random:SEED|zero|ones";

/**
 * Choices at kinks from texts such as `relu=kink:0.5` and `maxPool2d@pool1=uniform`.
 *
 * `kink:s` is the derivative s at a kink of two branches, `beta:b` a blend of `first` (b = 0) and `uniform` (b = 1),
 * `zero` and `ones` are for norms at 0. Whether a name has a kink, and a kink of this kind, is for the transform to say.
 *
 * @throws AdError "selection" for a text of another form or a name that comes twice, "domain" for a seed that is not whole
 */
export function parseSelect(texts: readonly string[]): Select {
  const select: Record<string, Selection> = {};
  for (const text of texts) {
    const [, name, choice] = /^([^=@\s]+(?:@[^=\s]+)?)=(\S+)$/.exec(text) ?? [];
    if (name === undefined || choice === undefined) {
      throw badSelect(
        "no choice at a kink",
        "NAME=CHOICE or NAME@SITE=CHOICE",
        text,
        `for instance relu=${choiceForms}`,
      );
    }
    if (Object.hasOwn(select, name))
      throw badSelect("a name comes twice", "one choice for each name", name, "leave one out");
    select[name] = parseChoice(choice);
  }
  return select;
}

/** One choice, such as `uniform` or `beta:10`. */
function parseChoice(text: string): Selection {
  const [, name = "", number] = /^([^:]*)(?::(.*))?$/.exec(text) ?? [];
  if (number === undefined && Object.hasOwn(plain, name)) return plain[name] as Selection;
  if (
    number !== undefined &&
    number.trim() !== "" &&
    Number.isFinite(Number(number)) &&
    Object.hasOwn(numbered, name)
  ) {
    return (numbered[name] as (value: number) => Selection)(Number(number));
  }
  throw badSelect("no such choice", choiceForms, text, "check the spelling; S, B and SEED are numbers");
}

function badSelect(problem: string, expected: string, got: string, remedy: string): AdError {
  return new AdError({ code: "selection", where: "--select", problem, expected, got: `"${got}"`, remedy });
}
