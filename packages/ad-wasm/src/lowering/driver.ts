// The function that runs a program: it calls the items in order, on one thread or on several.
import type { DType, Place } from "@nonsmooth/ad-core";
import { atomic, constant, type Expression, load, op } from "../encoding/expression.ts";
import { call, type FunctionBuilder, type FunctionRef, type Local } from "../encoding/function.ts";
import { aligned, type ModuleBuilder } from "../encoding/module.ts";
import { faultCells, type Work } from "../kernels/kernel.ts";
import { barrier, cells, statuses } from "./barrier.ts";
import type { Layout } from "./buffers.ts";
import type { Item } from "./items.ts";
import type { ViewedValues } from "./views.ts";

/** A result of the program that is one of its inputs in the next run, leaf by leaf. */
export interface Carried {
  readonly input: Place;
  readonly output: Place;
}

/** The cell that says which item failed. */
export const itemCell = 80;

/** Everything that the driver needs to know. */
export interface Plan {
  readonly items: readonly Item[];
  readonly works: readonly Work[];
  readonly carried: readonly Carried[];
  readonly layout: Layout;
  /** Bytes of scratch memory of each thread. */
  readonly scratch: number;
  /** The most threads; with 1 there is no code for more. */
  readonly threads: number;
  /** Scalar operations from which on threads share an item. */
  readonly worthwhile: number;
}

/** Calls in one function of the module: longer ones take long to compile. */
const callsTogether = 500;

/** Fewer scalar operations than this are done before another thread would have heard of them. */
export const sharedFrom = 30_000;

const isShared = ({ units, cost }: Work, { threads, worthwhile }: Plan): boolean =>
  threads > 1 && units > 1 && units * cost >= worthwhile;

/** The longest that a scalar operation may take, in nanoseconds: a thread that works for longer is taken for dead. */
const slowest = 10;

/** What the longest item may take on one thread. */
const longestItem = (works: readonly Work[]): bigint =>
  BigInt(Math.ceil(works.reduce((most, { units, cost }) => Math.max(most, units * cost), 0) * slowest));

/** Makes `run(thread, threads)`, which every thread calls; it ends when all of them have done everything. */
export function driver(module: ModuleBuilder, values: ViewedValues, plan: Plan): FunctionRef {
  const { items, works, threads } = plan;
  const meet = threads > 1 ? barrier(module, longestItem(works)) : null;
  const parts: FunctionRef[] = [];
  let isOwed = false;
  for (let start = 0; start < items.length; start += callsTogether) {
    const part = module.function(`items from ${start}`, ["i32", "i32"], "i32", (f, thread, count) => {
      for (let at = start; at < Math.min(items.length, start + callsTogether); at++) {
        const shared = isShared(works[at] as Work, plan);
        if (meet && (shared || isOwed)) meetThere(f, meet, thread as Local, count as Local);
        isOwed = shared;
        callItem(f, plan, at, { thread: thread as Local, count: count as Local, meet }, shared);
      }
      f.result(constant("i32", statuses.done));
    });
    parts.push(part);
  }
  return module.function("run", ["i32", "i32"], "i32", (f, thread, count) => {
    const status = f.local("i32");
    for (const part of parts) {
      f.set(status, call(part, thread as Local, count as Local));
      f.if(status, () => f.return(status));
    }
    if (meet) meetThere(f, meet, thread as Local, count as Local);
    f.if(op("i32.eqz", thread as Local), () => {
      stopIfGuarded(f, values, plan);
      carry(f, values, plan);
    });
    f.result(constant("i32", statuses.done));
  });
}

/** What a function that calls items knows of the threads. */
interface Threads {
  readonly thread: Local;
  readonly count: Local;
  /** Null with one thread. */
  readonly meet: FunctionRef | null;
}

/** Waits for the other threads; a run that has failed, or that one of them has left, ends there for all. */
function meetThere(f: FunctionBuilder, meet: FunctionRef, thread: Local, count: Local): void {
  const status = f.let(call(meet, thread, count));
  f.if(status, () => f.return(status));
}

function callItem(f: FunctionBuilder, plan: Plan, at: number, threads: Threads, isShared: boolean): void {
  const [{ outputs, inputs }, work] = [plan.items[at] as Item, plan.works[at] as Work];
  if (work.units === 0) return;
  const { thread, count } = threads;
  const { addresses, end } = plan.layout;
  const places = [...outputs, ...inputs].map((place) => addresses.get(place) as number);
  const scratch = op("i32.add", end, op("i32.mul", thread, plan.scratch));
  if (isShared) {
    takeParts(f, work, count, (from, to) => f.call(work.function, ...places, scratch, from, to));
    if (work.canFail) ifFailed(f, at, () => {});
    return;
  }
  f.if(op("i32.eqz", thread), () => {
    f.call(work.function, ...places, end, 0, work.units);
    if (work.canFail) ifFailed(f, at, () => leave(f, threads));
  });
}

/** Parts of an item for each thread: more make up for a thread that the host holds up, and cost a little each. */
const partsEach = 2;

/** Does one part of an item after the other, as long as there are parts that no thread has taken. */
function takeParts(
  f: FunctionBuilder,
  { units }: Work,
  threads: Local,
  doPart: (from: Expression, to: Expression) => void,
): void {
  const parts = f.let(op("i32.mul", threads, partsEach));
  const startOf = (part: Expression): Expression => op("i32.div_u", op("i32.mul", part, units), parts);
  const part = f.let(atomic("i32.atomic.rmw.add", cells.taken, 1));
  f.while(
    () => op("i32.lt_s", part, parts),
    () => {
      doPart(startOf(part), startOf(op("i32.add", part, 1)));
      f.set(part, atomic("i32.atomic.rmw.add", cells.taken, 1));
    },
  );
}

/** Says which item failed. */
function ifFailed(f: FunctionBuilder, at: number, then: () => void): void {
  f.if(load("i32.load", 0, faultCells.flag), () => {
    f.store("i32.store", itemCell, at);
    then();
  });
}

/** Ends a run that has failed on this thread alone: the others go on to where all meet next, and must find it there. */
function leave(f: FunctionBuilder, { thread, count, meet }: Threads): void {
  f.return(meet ? call(meet, thread, count) : constant("i32", statuses.failed));
}

function isZero(address: number, dtype: DType): Expression {
  if (dtype === "f64") return op("f64.eq", load("f64.load", address), 0);
  if (dtype === "i32" || dtype === "bool") return op("i32.eqz", load("i32.load", address));
  return op("f32.eq", load("f32.load", address), 0);
}

/** A guard that does not hold ends the run before anything is carried. */
function stopIfGuarded(f: FunctionBuilder, values: ViewedValues, { layout }: Plan): void {
  for (const { condition, expected } of values.program.guards) {
    const address = layout.addresses.get(values.root(condition)) as number;
    const isFalse = isZero(address, values.type(condition).dtype);
    f.if(expected ? isFalse : op("i32.eqz", isFalse), () => f.return(constant("i32", statuses.guarded)));
  }
}

/** Where carried results wait that are inputs themselves: others might be written over them. */
export const carriedBytes = (values: ViewedValues, carried: readonly Carried[]): number =>
  carried.reduce((sum, { output }) => sum + bytesAt(values, output), 0);

const bytesAt = (values: ViewedValues, place: Place): number =>
  aligned(values.size(place) * (values.type(place).dtype === "f64" ? 8 : 4));

/** Copies carried results into their inputs; those that are inputs themselves go by way of a place of their own. */
function carry(f: FunctionBuilder, values: ViewedValues, { carried, layout, scratch, threads }: Plan): void {
  const addressOf = (place: Place): number => layout.addresses.get(values.root(place)) as number;
  const isInput = ({ output }: Carried): boolean => {
    const root = values.root(output);
    return root >= 0 && root < values.program.inputTypes.length;
  };
  let waiting = layout.end + threads * scratch;
  const later: (readonly [to: number, from: number, bytes: number])[] = [];
  for (const move of carried.filter(({ input, output }) => addressOf(output) !== addressOf(input))) {
    const [to, from, bytes] = [addressOf(move.input), addressOf(move.output), bytesAt(values, move.output)];
    later.push([to, isInput(move) ? waiting : from, bytes]);
    if (!isInput(move)) continue;
    f.copy(waiting, from, bytes);
    waiting += bytes;
  }
  for (const [to, from, bytes] of later) f.copy(to, from, bytes);
}
