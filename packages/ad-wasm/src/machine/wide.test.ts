import { compile, matmul, reference, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { wasm } from "../index.ts";

/** Whether this process has what vectors of 256 bits need. */
const isPossible = process.arch === "x64" && Number.parseInt(process.versions.node, 10) >= 24;

const x = tensor(
  Array.from({ length: 33 * 33 }, (_, i) => Math.sin(i)),
  { shape: [33, 33], dtype: "f32" },
);
const squared = trace((a: Tensor) => matmul(a, a), [x]);

describe("vectors of 256 bits", () => {
  test("are off unless asked for", () => {
    expect(wasm()).toMatchObject({ wide: false, wideReason: "it was not asked for" });
  });

  test("are on where the host has them, and else the machine says why not", () => {
    const { wide, wideReason } = wasm({ wide: true });
    if (isPossible) expect({ wide, wideReason }).toEqual({ wide: true, wideReason: null });
    else
      expect({ wide, wideReason }).toEqual({ wide: false, wideReason: expect.stringMatching(/older than 24|not x64/) });
  });

  test("or not: results have the bits of the reference, with threads too", () => {
    for (const threads of [1, 2]) {
      const machine = wasm({ wide: true, threads });
      expect(compile(squared, machine).run([x])).toEqual(compile(squared, reference()).run([x]));
      machine.dispose();
    }
  });

  test("are asked for by a condition", () => {
    for (const wrong of ["1", 1, null])
      expect(() => wasm({ wide: wrong as never })).toThrowError(expect.objectContaining({ code: "domain" }));
  });
});
