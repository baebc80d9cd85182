import { expect, test } from "vitest";
import { disagreements, type RealDType, spellingStudy } from "./spellings.ts";

const formats: RealDType[] = ["f64", "f32", "f16", "bf16"];

test.each(formats)("in %s both modes agree, and the derivatives are those of f64", (dtype) => {
  const study = spellingStudy(dtype);
  expect(disagreements(study)).toEqual([]);
  expect(study.functions).toEqual(spellingStudy("f64").functions);
});

test("every spelling of max(x, 0) gives a member of the Clarke subdifferential, whatever is selected", () => {
  const { functions } = spellingStudy("f64");
  const members = functions.map(({ spellings }) =>
    spellings.map(({ derivatives }) => derivatives.every(({ member }) => member)),
  );
  // A smooth function written with kinks is right for matching choices only.
  expect(members).toEqual([
    [true, true, true, true, true],
    [true, false, false],
    [true, false],
  ]);
});

test("uniform is right for every spelling of every function", () => {
  const { functions, selections } = spellingStudy("f64");
  const at = selections.indexOf("uniform");
  const derivatives = functions.flatMap(({ spellings }) => spellings.map((spelling) => spelling.derivatives[at]));
  expect(derivatives.map((derivative) => derivative?.member)).toEqual(derivatives.map(() => true));
});

test("relu(x) - relu(-x) has derivative 2 s for relu'(0) = s", () => {
  const difference = spellingStudy("f64").functions[2]?.spellings[1];
  expect(difference?.derivatives.map(({ reverse }) => reverse)).toEqual([0, 0, 2, 1, 0.5]);
});
