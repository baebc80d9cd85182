// Products and additions in one instruction, where the host has it.
import { AdError } from "@nonsmooth/ad-core";
import { op, vector } from "../encoding/expression.ts";
import { ModuleBuilder } from "../encoding/module.ts";
import { engine } from "./engine.ts";

/** Whether the host takes a module with the instruction. */
function takesFused(): boolean {
  const module = new ModuleBuilder();
  const zeros = vector(new Int32Array(4));
  module.function("run", [], "v128", (f) => f.result(op("f32x4.relaxed_madd", zeros, zeros, zeros)));
  return WebAssembly.validate(module.finish({ pages: 1, isShared: false }));
}

/** Sees to it that the host takes the instruction: Node 20 does when a flag is set. */
export function requireFused(): void {
  if (takesFused()) return;
  engine()?.set("--experimental-wasm-relaxed-simd");
  if (takesFused()) return;
  const [problem, expected] = ["the host has no fused multiply-add", "WebAssembly with relaxed SIMD"];
  const remedy = "take Node 20 or newer, or leave fma out";
  throw new AdError({ code: "unsupported", where: "wasm", problem, expected, got: "none", remedy });
}
