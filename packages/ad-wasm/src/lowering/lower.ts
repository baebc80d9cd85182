// From a program to a module: code for each item, a place for each value, and one function that does all of it.
import { AdError, type Place, type ProgramData } from "@nonsmooth/ad-core";
import { type PlacedStep, Values } from "@nonsmooth/ad-core/machines";
import { loopKernel } from "../elementwise/loop.ts";
import { aligned, ModuleBuilder, type Vectors } from "../encoding/module.ts";
import type { ExchangedKernel, Kernel, Kernels, Task, Work } from "../kernels/kernel.ts";
import { type Layout, layOut } from "./buffers.ts";
import { type Carried, carriedBytes, driver, sharedFrom } from "./driver.ts";
import { findFusions } from "./fusions.ts";
import { Arranger, type Item } from "./items.ts";
import { type ViewedValues, viewOf } from "./views.ts";

/** A program as a module. */
export interface Lowered {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Pages of memory, of 64 KiB. */
  readonly pages: number;
  /** Where values lie: inputs, constants and what is kept to the end. */
  readonly layout: Layout;
  readonly values: ViewedValues;
  /** The instruction of each item, for the message of one that failed. */
  readonly stepOf: readonly (PlacedStep | null)[];
  readonly items: number;
  /** Whether the host is to join pairs of vectors in its tiles. */
  readonly hasTiles: boolean;
}

const pageBytes = 65536;
export const mostPages = 65536;

/** What a program is made of, and for. */
export interface Means {
  readonly kernels: Kernels;
  /** The most threads that a run may have. */
  readonly threads: number;
  readonly vectors: Vectors;
  /** Scalar operations from which on threads share an item; as many as pay when absent. */
  readonly worthwhile?: number;
}

/** Makes the module of a program. */
export function lower(
  program: ProgramData,
  carried: readonly Carried[],
  { kernels, threads, vectors, worthwhile = sharedFrom }: Means,
): Lowered {
  const values = new Values(program, viewOf);
  const abilities = {
    hasKernel: (name: string) => Object.hasOwn(kernels.plain, name),
    takesExchanged: (name: string) => Object.hasOwn(kernels.exchanged, name),
  };
  const outputs = [...program.outputs, ...program.guards.map(({ condition }) => condition)];
  const kept = [...new Set(outputs.map((place) => values.root(place)))];
  const fusions = findFusions(values, kernels.fused, kept);
  const items = new Arranger(values, abilities, fusions).arrange(kept);
  const module = new ModuleBuilder(vectors);
  const works = items.map((item) => workOf(module, kernels, item));
  const instead = replaceable(values, items, works, carried);
  const layout = layOut(values, items, kept, aligned(module.tablesEnd), instead);
  const scratch = works.reduce((most, work) => Math.max(most, work.scratch), 0);
  module.export(
    "run",
    driver(module, values, { items, works, carried, layout, scratch: aligned(scratch), threads, worthwhile }),
  );
  const pages = Math.ceil((layout.end + threads * aligned(scratch) + carriedBytes(values, carried)) / pageBytes);
  if (pages > mostPages) throw tooLarge(pages);
  const bytes = module.finish({ pages, mostPages: threads > 1 ? mostPages : pages, isShared: threads > 1 });
  const stepOf = items.map(({ does }) => (does.kind === "step" ? does.step : null));
  return { bytes, pages, layout, values, stepOf, items: items.length, hasTiles: vectors.isWide };
}

function workOf(module: ModuleBuilder, { plain, exchanged }: Kernels, { does }: Item): Work {
  if (does.kind === "loop") return loopKernel(module, does.loop);
  if (does.kind === "fused") {
    const { inputs, work } = does.fused;
    return work({ module, inputs: inputs.map(({ type }) => type), output: does.step.type });
  }
  const { primitive, types: inputs, type: output, params } = does.step;
  const task: Task<never> = { module, inputs, output, params: params as never };
  if (!does.exchanged.includes(true)) return (plain[primitive.name] as Kernel)(task);
  return (exchanged[primitive.name] as ExchangedKernel)(task, does.exchanged);
}

/**
 * Carried results that may be written over their inputs: none where a run may stop in the middle, for then its inputs must
 * be as they were.
 */
function replaceable(
  values: ViewedValues,
  items: readonly Item[],
  works: readonly Work[],
  carried: readonly Carried[],
): ReadonlyMap<Place, Place> {
  if (values.program.guards.length > 0) return new Map();
  const firstSafe = works.findLastIndex(({ canFail }) => canFail === true) + 1;
  const safe = new Set(items.slice(firstSafe).flatMap(({ outputs }) => outputs));
  const outputs = carried.map(({ output }) => values.root(output));
  const isOnce = (place: Place): boolean => outputs.filter((one) => one === place).length === 1;
  return new Map(
    carried.flatMap(({ input, output }) => {
      const place = values.root(output);
      return safe.has(place) && isOnce(place) ? [[place, input] as const] : [];
    }),
  );
}

function tooLarge(pages: number): AdError {
  const [problem, expected] = ["the program needs too much memory", "at most 4 GiB"];
  const got = `${Math.ceil(pages / 16384)} GiB`;
  const remedy = "use smaller batches, or the reference machine";
  return new AdError({ code: "backend", where: "wasm", problem, expected, got, remedy });
}
