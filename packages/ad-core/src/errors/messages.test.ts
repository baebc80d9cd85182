import { expect, test } from "vitest";
import { internal } from "./adError.ts";
import { domainError, dtypeError, selectionError, shapeError } from "./messages.ts";

test("a shape error prints the shapes in brackets", () => {
  const error = shapeError("add", "operands do not broadcast", "equal sizes", [[2], [3, 1]], "reshape one of them");
  expect(error.message).toMatchInlineSnapshot(
    `"add: operands do not broadcast: expected equal sizes, got [2] and [3, 1]; reshape one of them"`,
  );
  expect(error.details).toEqual({ expected: "equal sizes", got: "[2] and [3, 1]", shapes: [[2], [3, 1]] });
});

test("a dtype error says whether dtypes differ or one is wrong", () => {
  expect(dtypeError("add", "operands of one dtype", ["f64", "f32"], "use cast").message).toMatchInlineSnapshot(
    `"add: dtypes differ: expected operands of one dtype, got f64 and f32; use cast"`,
  );
  expect(dtypeError("exp", "f64, f32, f16 or bf16", ["i32"], "use cast").message).toMatchInlineSnapshot(
    `"exp: wrong dtype: expected f64, f32, f16 or bf16, got i32; use cast"`,
  );
});

test("a domain error names the number and repeats it as given", () => {
  const error = domainError("leakyRelu", "slope", "a finite number", NaN, "pass a finite slope");
  expect(error.message).toMatchInlineSnapshot(
    `"leakyRelu: slope out of range: expected a finite number, got NaN; pass a finite slope"`,
  );
  expect(error.details).toEqual({ expected: "a finite number", got: "NaN", name: "slope", value: NaN });
});

test("a selection error carries the details that it is given", () => {
  const error = selectionError("grad", "no kink has this name", "one of relu, abs", "rleu", "check the spelling", {
    key: "rleu",
  });
  expect(error.message).toMatchInlineSnapshot(
    `"grad: no kink has this name: expected one of relu, abs, got rleu; check the spelling"`,
  );
  expect(error.details).toEqual({ expected: "one of relu, abs", got: "rleu", key: "rleu" });
});

test("a broken invariant asks for a report and is no AdError", () => {
  expect(() => internal("two and two are five")).toThrowErrorMatchingInlineSnapshot(
    `[Error: internal: two and two are five; please report this with the program that caused it]`,
  );
});
