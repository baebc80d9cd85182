/** Choices at kinks, as texts. */
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

/** What stands after the `=`, for help. */
export const choiceForms = "first|last|uniform|kink:S|beta:B|random:SEED|zero|ones";

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
