// Running sums by one thread for each line: it writes every sum that it passes.
import type { Shader } from "../kernel.ts";
import { isFasterAlone, loop, numbers, shaderOf } from "./shader.ts";

/** Lines along an axis: those before it, elements of each, and elements between neighbours of a line. */
export interface Lines {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
  readonly reverse: boolean;
}

/** A shader, or nothing for short lines, whose elements may as well each add up those before it. */
export function cumsumShader({ outer, length, inner, reverse }: Lines): Shader | undefined {
  if (!isFasterAlone((outer * inner * length * length) / 2, length)) return undefined;
  return shaderOf({
    ...{ reads: [numbers("a")], result: "f32", places: { inside: inner, line: outer } },
    body: [
      `let first = line * ${length * inner} + inside${reverse ? ` + ${(length - 1) * inner}` : ""};`,
      ...["var total = a[first];", "result[first] = total;"],
      loop(`for (var k = 1; k < ${length}; k++)`, length - 1, [
        `let at = first ${reverse ? "-" : "+"} k * ${inner};`,
        ...["total += a[at];", "result[at] = total;"],
      ]),
    ],
  });
}
