// The public face of @nonsmooth/ad-wasm.
export type { WasmDescription, WasmExecutable } from "./machine/executable.ts";
export { type WasmMachine, wasm } from "./machine/wasm.ts";
