/** The smallest modules of WebAssembly that use a feature: whoever takes the module has the feature. */

/** What may or may not be there. */
export type WasmFeature = "WebAssembly" | "WebAssembly SIMD" | "WebAssembly relaxed SIMD" | "WebAssembly threads";

/** Every module begins like this: its name and version 1. */
const head = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** One function, without arguments, that returns a vector of 128 bits. */
const returnsVector = [0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00];
/** One function without arguments and results, and a memory of one page that may be shared. */
const returnsNothing = [0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00];
const sharedMemory = [0x05, 0x04, 0x01, 0x03, 0x01, 0x01];

/** The code section with one body: sizes in front, no local variables, `end` behind. */
const body = (...code: readonly number[]): number[] => [
  0x0a,
  code.length + 4,
  0x01,
  code.length + 2,
  0x00,
  ...code,
  0x0b,
];

/** The same byte in all 16 lanes: `i32.const n` and `i8x16.splat`. */
const splat = (n: number): number[] => [0x41, n, 0xfd, 0x0f];

/** The bytes of one module for each feature. */
export const wasmModules: Readonly<Record<WasmFeature, readonly number[]>> = {
  WebAssembly: head,
  // i8x16.popcnt
  "WebAssembly SIMD": [...head, ...returnsVector, ...body(...splat(0), 0xfd, 0x62)],
  // i8x16.relaxed_swizzle
  "WebAssembly relaxed SIMD": [...head, ...returnsVector, ...body(...splat(1), ...splat(2), 0xfd, 0x80, 0x02)],
  // i32.atomic.load at 0, and drop
  "WebAssembly threads": [
    ...head,
    ...returnsNothing,
    ...sharedMemory,
    ...body(0x41, 0x00, 0xfe, 0x10, 0x02, 0x00, 0x1a),
  ],
};
