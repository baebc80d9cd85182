// Threads that wait for each other.
import { atomic, constant, load, op } from "../encoding/expression.ts";
import type { FunctionRef, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";

/**
 * Cells that threads share, each in a line of the cache of its own: how many have come to the barrier, how often all had,
 * and how many parts of an item are taken.
 */
export const cells = { come: 256, rounds: 320, taken: 384 } as const;

/** Looks before a thread goes to sleep: about two milliseconds, since waking it may take a tenth of that. */
const looks = 400_000;

/** After so long a thread that does not come is taken for dead: 60 seconds. */
const patience = 60_000_000_000n;

/**
 * The function `meet(thread, threads)`: it returns when all have called it, 0 as a rule and 1 when one did not come.
 *
 * The last one to come begins the next round, with no part of the next item taken; the others look for it for a while, then sleep.
 */
export function barrier(module: ModuleBuilder): FunctionRef {
  return module.function("meet", ["i32", "i32"], "i32", (f, _thread, threads) => {
    f.if(op("i32.eq", threads as Local, 1), () => {
      f.store("i32.atomic.store", cells.taken, 0);
      f.return(constant("i32", 0));
    });
    const round = f.let(load("i32.atomic.load", cells.rounds));
    const isLast = op("i32.eq", op("i32.add", atomic("i32.atomic.rmw.add", cells.come, 1), 1), threads as Local);
    f.if(isLast, () => {
      f.store("i32.atomic.store", cells.come, 0);
      f.store("i32.atomic.store", cells.taken, 0);
      f.store("i32.atomic.store", cells.rounds, op("i32.add", round, 1));
      f.drop(atomic("memory.atomic.notify", cells.rounds, -1));
      f.return(constant("i32", 0));
    });
    const isWaiting = () => op("i32.eq", load("i32.atomic.load", cells.rounds), round);
    const left = f.let(constant("i32", looks));
    f.while(
      () => op("i32.and", isWaiting(), op("i32.gt_s", left, 0)),
      () => f.update(left, "i32.sub", 1),
    );
    f.while(isWaiting, () => {
      const ended = f.let(atomic("memory.atomic.wait32", cells.rounds, round, constant("i64", patience)));
      f.if(op("i32.eq", ended, 2), () => f.return(constant("i32", 1)));
    });
    f.result(constant("i32", 0));
  });
}
