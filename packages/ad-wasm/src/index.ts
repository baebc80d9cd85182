// The public face of @nonsmooth/ad-wasm.
export type { WasmDescription, WasmExecutable } from "./machine/executable.ts";
export { type WasmMachine, wasm } from "./machine/wasm.ts";
export { scalarStore } from "./scalars/memory.ts";
export { scalars, type WasmScalars, type WasmScalarsOptions } from "./scalars/scalars.ts";
