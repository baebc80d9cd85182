// Runs: bytes that lie one after the other, copied or filled. A run writes its own bytes and no others.
import { type Expression, load, op } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";

/** A place in memory: an address, and bytes behind it that are known. */
export interface Place {
  readonly base: Local;
  readonly offset: number;
}

/** From so many bytes on the host's own copy is faster than a loop. */
const hostCopies = 2048;

/** So many vectors are written without a loop. */
const unrolled = 8;

const addressOf = ({ base, offset }: Place): Expression => (offset === 0 ? base : op("i32.add", base, offset));

/** Copies a run whose length is known. */
export function copyRun(f: FunctionBuilder, from: Place, to: Place, bytes: number): void {
  if (bytes >= hostCopies) f.copy(addressOf(to), addressOf(from), bytes);
  else {
    writeRun(f, [to, from], bytes, ([target, source], name, at) => {
      const value = load(loadOf[name], (source as Place).base, (source as Place).offset + at);
      f.store(name, (target as Place).base, value, (target as Place).offset + at);
    });
  }
}

const loadOf = { "v128.store": "v128.load", "i64.store": "i64.load", "i32.store": "i32.load" } as const;
const laneStores = {
  "v128.store": "v128.store",
  "i64.store": "v128.store64_lane",
  "i32.store": "v128.store32_lane",
} as const;

/** Fills a run whose length is known with a vector. */
export function fillRun(f: FunctionBuilder, to: Place, vector: Expression, bytes: number): void {
  writeRun(f, [to], bytes, ([target], name, at) => {
    f.store(laneStores[name], (target as Place).base, vector, (target as Place).offset + at);
  });
}

type Write = (places: readonly Place[], name: keyof typeof loadOf, at: number) => void;

/** Visits a run by vectors, the last of which may begin before the one in front ends; short runs by halves and quarters. */
function writeRun(f: FunctionBuilder, places: readonly Place[], bytes: number, write: Write): void {
  if (bytes > 16 * unrolled) {
    // What is left behind the loop is a vector at least, so that the last one never begins in front of it.
    const looped = Math.floor((bytes - 16) / 64) * 64;
    writeVectors(writeLoop(f, places, looped, write), bytes - looped, write);
  } else if (bytes >= 16) writeVectors(places, bytes, write);
  else {
    if (bytes >= 8) write(places, "i64.store", 0);
    if (bytes % 8 !== 0) write(places, "i32.store", bytes - 4);
  }
}

function writeVectors(places: readonly Place[], bytes: number, write: Write): void {
  for (let at = 0; at + 16 <= bytes; at += 16) write(places, "v128.store", at);
  if (bytes % 16 !== 0) write(places, "v128.store", bytes - 16);
}

/** Four vectors at a time; returns the places behind them. */
function writeLoop(f: FunctionBuilder, places: readonly Place[], bytes: number, write: Write): Place[] {
  const moved = places.map(({ base, offset }) => ({ base: f.let(base), offset }));
  const [first] = moved as [Place];
  const end = f.let(op("i32.add", first.base, bytes));
  f.do(
    () => {
      for (let at = 0; at < 64; at += 16) write(moved, "v128.store", at);
      for (const { base } of moved) f.update(base, "i32.add", 64);
    },
    () => op("i32.ne", first.base, end),
  );
  return moved;
}
