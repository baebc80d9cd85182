// The public face of @nonsmooth/ad-wasm.
export { ModuleBuilder } from "./encoding/module.ts";
