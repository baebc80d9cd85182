// Rows in ascending order, as the reference has them: NaN last, and elements that tie in their order.
import { type Expression, load, op, select } from "../encoding/expression.ts";
import type { FunctionBuilder, FunctionRef, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { plus } from "./frame.ts";

/** So many elements are sorted by insertion before they are merged. */
const block = 8;

const integer = (base: Expression, index: Expression): Expression => load("i32.load", plus(base, index, 4));

/** Whether `a` stands before `b`. */
const isBefore = (a: Local, b: Local): Expression =>
  op("i32.or", op("f64.lt", a, b), op("i32.and", op("f64.ne", b, b), op("f64.eq", a, a)));

/**
 * The function `(values, count, order, spare)`: doubles, and room for as many whole numbers twice. It returns the address of
 * the numbers of the elements in ascending order, which is one of the two rooms.
 */
export const ascending = (module: ModuleBuilder): FunctionRef =>
  module.function("ascending", ["i32", "i32", "i32", "i32"], "i32", (f, ...given) => {
    const [values, count, order, spare] = given as [Local, Local, Local, Local];
    f.range(0, count, block, (start) => {
      const end = f.let(op("i32.add", start, block));
      f.set(end, select(op("i32.lt_s", end, count), end, count));
      insertAll(f, { values, order }, start, end);
    });
    const [from, to, width] = [f.let(order), f.let(spare), f.local("i32")];
    f.set(width, block);
    f.while(
      () => op("i32.lt_s", width, count),
      () => {
        mergeAll(f, { values, from, to }, width, count);
        const next = f.let(to);
        f.set(to, from);
        f.set(from, next);
        f.set(width, op("i32.shl", width, 1));
      },
    );
    f.result(from);
  });

/** Puts the elements of a block into order, each behind those in front of it that do not stand after it. */
function insertAll(
  f: FunctionBuilder,
  { values, order }: { readonly values: Local; readonly order: Local },
  start: Local,
  end: Local,
): void {
  f.range(start, end, 1, (i) => {
    const value = f.let(load("f64.load", plus(values, i, 8)));
    const [place, isOpen] = [f.let(i), f.local("i32")];
    f.set(isOpen, op("i32.gt_s", place, start));
    f.while(
      () => isOpen,
      () => {
        const before = f.let(integer(order, op("i32.sub", place, 1)));
        const other = f.let(load("f64.load", plus(values, before, 8)));
        f.set(isOpen, isBefore(value, other));
        f.if(isOpen, () => {
          f.store("i32.store", plus(order, place, 4), before);
          f.update(place, "i32.sub", 1);
          f.set(isOpen, op("i32.gt_s", place, start));
        });
      },
    );
    f.store("i32.store", plus(order, place, 4), i);
  });
}

interface Merging {
  readonly values: Local;
  readonly from: Local;
  readonly to: Local;
}

/** Merges runs of a width, two and two. */
function mergeAll(f: FunctionBuilder, merging: Merging, width: Local, count: Local): void {
  const start = f.local("i32");
  f.set(start, 0);
  const orCount = (place: Local): void => f.set(place, select(op("i32.lt_s", place, count), place, count));
  f.while(
    () => op("i32.lt_s", start, count),
    () => {
      const middle = f.let(op("i32.add", start, width));
      orCount(middle);
      const end = f.let(op("i32.add", middle, width));
      orCount(end);
      merge(f, merging, start, middle, end);
      f.set(start, end);
    },
  );
}

/** Merges two runs that follow each other; the left one is first at ties. */
function merge(f: FunctionBuilder, { values, from, to }: Merging, start: Local, middle: Local, end: Local): void {
  const [left, right, takesRight] = [f.let(start), f.let(middle), f.local("i32")];
  f.range(start, end, 1, (place) => {
    f.set(takesRight, op("i32.eq", left, middle));
    f.if(op("i32.and", op("i32.ne", left, middle), op("i32.lt_s", right, end)), () => {
      const a = f.let(load("f64.load", plus(values, integer(from, right), 8)));
      const b = f.let(load("f64.load", plus(values, integer(from, left), 8)));
      f.set(takesRight, isBefore(a, b));
    });
    f.store("i32.store", plus(to, place, 4), integer(from, select(takesRight, right, left)));
    f.update(right, "i32.add", takesRight);
    f.set(left, op("i32.add", left, op("i32.eqz", takesRight)));
  });
}
