// Threads that wait for each other.
import { atomic, constant, type Expression, load, op, select } from "../encoding/expression.ts";
import type { FunctionBuilder, FunctionRef, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { faultCells } from "../kernels/kernel.ts";

/**
 * Cells that threads share, each in a line of the cache of its own: how many have come to the barrier, how often all had,
 * how many parts of an item are taken, and what the last one to come has found.
 */
export const cells = { come: 256, rounds: 320, taken: 384, found: 448 } as const;

/**
 * Cells that the host fills before the first run: how often the calling thread looks for the others before it sleeps, and how
 * long it sleeps at most, in nanoseconds; 0 where it must not, as in the main thread of a browser.
 */
export const waitCells = { looks: 512, patience: 520 } as const;

/** What a run answers. */
export const statuses = { done: 0, failed: 1, deserted: 2, guarded: 3 } as const;

/** Looks of a helper before it goes to sleep: about two milliseconds, since waking it may take a tenth of that. */
export const looks = 400_000;

/**
 * The function `meet(thread, threads)`: it returns when all have called it, with what the last one to come has found: whether
 * the run has failed. So all of them learn the same, and leave a run that has failed at the same place. The calling thread, number 0,
 * is told when one did not come in time; the others have nobody to tell it to, and wait.
 *
 * The last one to come begins the next round, with no part of the next item taken; the others look for it for a while, then sleep.
 *
 * @param longest - nanoseconds that a thread may have work for
 */
export function barrier(module: ModuleBuilder, longest: bigint): FunctionRef {
  return module.function("meet", ["i32", "i32"], "i32", (f, thread, threads) => {
    f.if(op("i32.eq", threads as Local, 1), () => {
      f.store("i32.atomic.store", cells.taken, 0);
      f.return(load("i32.load", 0, faultCells.flag));
    });
    const round = f.let(load("i32.atomic.load", cells.rounds));
    const isLast = op("i32.eq", op("i32.add", atomic("i32.atomic.rmw.add", cells.come, 1), 1), threads as Local);
    f.if(isLast, () => beginRound(f, round));
    waitFor(f, round, op("i32.eqz", thread as Local), longest);
    f.result(load("i32.load", cells.found));
  });
}

/** Nobody writes to `found` before all threads, which read it now, have come again. */
function beginRound(f: FunctionBuilder, round: Local): void {
  f.store("i32.atomic.store", cells.come, 0);
  f.store("i32.atomic.store", cells.taken, 0);
  f.store("i32.store", cells.found, load("i32.load", 0, faultCells.flag));
  f.store("i32.atomic.store", cells.rounds, op("i32.add", round, 1));
  f.drop(atomic("memory.atomic.notify", cells.rounds, -1));
  f.return(load("i32.load", cells.found));
}

function waitFor(f: FunctionBuilder, round: Local, isCaller: Expression, longest: bigint): void {
  const isWaiting = () => op("i32.eq", load("i32.atomic.load", cells.rounds), round);
  const left = f.let(select(isCaller, load("i64.load", waitCells.looks), constant("i64", looks)));
  const patience = f.let(select(isCaller, load("i64.load", waitCells.patience), constant("i64", -1)));
  const mayNotSleep = () => op("i64.eqz", patience);
  f.if(mayNotSleep(), () => f.update(left, "i64.add", constant("i64", longest)));
  f.if(op("i64.gt_s", patience, 0), () => f.update(patience, "i64.add", constant("i64", longest)));
  f.while(
    () => op("i32.and", isWaiting(), op("i64.gt_s", left, 0)),
    () => f.update(left, "i64.sub", 1),
  );
  const desert = () => f.return(constant("i32", statuses.deserted));
  f.while(isWaiting, () => {
    f.if(mayNotSleep(), desert);
    const ended = atomic("memory.atomic.wait32", cells.rounds, round, patience);
    f.if(op("i32.eq", ended, 2), desert);
  });
}
