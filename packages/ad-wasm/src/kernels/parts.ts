// What many kernels write.
import { type Expression, op, type Value } from "../encoding/expression.ts";

/** The address of an element: `base + index * bytes`. */
export const at = (base: Value, index: Value, bytes: 4 | 8 | 16): Expression =>
  op("i32.add", base, op("i32.shl", index, Math.log2(bytes)));
