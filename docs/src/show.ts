/** How examples print a value: the text that stands after ` // ` in a docstring or in the guide. */

interface TensorLike {
  shape: readonly number[];
  dtype: string;
  data: ArrayLike<number>;
}

/** Numbers as JavaScript prints them but with -0 told apart, strings quoted, tensors as nested arrays (rank 0: a number). */
export function show(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return `[function ${value.name}]`;
  if (typeof value !== "object" || value === null) return String(value);
  if (isTensor(value)) return show(nested(value));
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (ArrayBuffer.isView(value)) return show(Array.from(value as unknown as ArrayLike<unknown>));
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${show(field)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** A thrown error as an example writes it: its class and code; undefined for an error that is not one of ours. */
export function showError(error: unknown): string | undefined {
  const hasCode = error instanceof Error && "code" in error && typeof error.code === "string";
  return hasCode ? `AdError "${error.code}"` : undefined;
}

function isTensor(value: object): value is TensorLike {
  return "shape" in value && "dtype" in value && "data" in value && Array.isArray(value.shape);
}

function nested({ shape, dtype, data }: TensorLike): unknown {
  const build = (axis: number, start: number): unknown => {
    const element = data[start];
    if (axis === shape.length) return dtype === "bool" ? element !== 0 : element;
    const stride = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    return Array.from({ length: shape[axis] ?? 0 }, (_, i) => build(axis + 1, start + i * stride));
  };
  return build(0, 0);
}
