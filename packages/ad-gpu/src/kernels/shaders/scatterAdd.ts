// Slices added at their numbers, by one thread for each line through the slices: it adds all of them in the order in which they come.
import type { Shader } from "../kernel.ts";
import { isFasterAlone, loop, numbers, shaderOf, when } from "./shader.ts";

/** Slices of one tensor, as many numbers of them, and the elements of a slice on both sides of the axis. */
export interface Slices {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
  readonly count: number;
}

/**
 * A shader, or nothing for few numbers, which each element may as well look through. Numbers out of range are passed over:
 * what counts them ends the run.
 */
export function scatterAddShader({ outer, length, inner, count }: Slices): Shader | undefined {
  if (!isFasterAlone(outer * length * inner * count, length + count)) return undefined;
  return shaderOf({
    reads: [numbers("a"), numbers("indices"), numbers("updates")],
    ...{ result: "f32", places: { inside: inner, line: outer } },
    body: [
      `let first = line * ${length * inner} + inside;`,
      loop(`for (var i = 0; i < ${length}; i++)`, length, [`let at = first + i * ${inner};`, "result[at] = a[at];"]),
      `let given = line * ${count * inner} + inside;`,
      loop(`for (var k = 0; k < ${count}; k++)`, count, [
        "let index = i32(indices[k]);",
        ...when(`index >= 0 && index < ${length}`, [
          `let at = first + index * ${inner};`,
          `result[at] = result[at] + updates[given + k * ${inner}];`,
        ]),
      ]),
    ],
  });
}
