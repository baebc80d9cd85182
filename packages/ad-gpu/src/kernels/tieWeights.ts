// Weights of branches that tie.
import type { TieParams } from "@nonsmooth/ad-core";
import { numberText } from "../text/body.ts";
import { sizeOf } from "../text/positions.ts";
import { outOfTable } from "./faults.ts";
import { after, type Kernel, type Read, type Stage, stage, type Task, type Work } from "./kernel.ts";
import { rankWeights } from "./rankWeights.ts";
import { shareReads, shareText } from "./shares.ts";

export const tieWeights: Kernel<TieParams> = (task) => {
  const { order, along } = task.params;
  if (sizeOf(task.output.shape) === 0) return { stages: [] };
  if (order === "sort" || order === "median") return rankWeights(task);
  return along ? weightsAlong(task) : weightsAcross(task);
};

const better = { max: "larger", min: "smaller" } as const;

/** The branches of a kink lie along the last axis of one tensor; a weight for each. */
function weightsAlong({ output, params }: Task<TieParams>): Work {
  const width = output.shape.at(-1) as number;
  const size = sizeOf(output.shape);
  const present: Read[] = params.masked ? [1] : [];
  const reads = [0, ...present, ...shareReads(params, size / width)];
  const weights = stage([...reads, { stage: 0 }, { stage: 1 }], size, (body, at, args) => {
    const [a, ...others] = args as [string, ...string[]];
    const mask = params.masked ? others[0] : undefined;
    const [extreme, counts] = args.slice(-2) as [string, string];
    const numbers = reads.length > 1 + present.length ? others[present.length] : undefined;
    const kink = body.variable(`quotient(${at}, ${width})`);
    const [top, own] = [body.variable(`${extreme}[${kink}]`), body.variable(`${a}[${at}]`)];
    const isBranch = (i: string): string => (mask ? ` && ${mask}[${i}] > 0.5` : "");
    const result = body.variable("0");
    body.if(`isTied(${own}, ${top}) > 0.5${isBranch(at)}`, () => {
      const rank = body.variable("0");
      body.repeat(width, (i) => {
        const other = body.variable(`${kink} * ${width} + ${i}`);
        body.if(`${other} < ${at} && isTied(${a}[${other}], ${top}) > 0.5${isBranch(other)}`, () =>
          body.set(rank, `${rank} + 1`),
        );
      });
      const count = body.variable(`${counts}[${kink}]`);
      body.set(result, shareText(body, params, { rank, ties: count, kink, numbers }));
    });
    return result;
  });
  const counted = [extremeStage(params, size / width, width), tiesStage(params, size / width, width)];
  const faults = params.selection.table ? { faults: after(counted, outOfTable(size / width)) } : {};
  return { stages: [...counted, weights], ...faults };
}

/** The extreme branch of each kink. */
function extremeStage({ order, masked }: TieParams, kinks: number, width: number): Stage {
  const pick = better[order as "max" | "min"];
  return stage(masked ? [0, 1] : [0], kinks, (body, at, [a, mask]) => {
    const [extreme, begun] = [body.variable("0"), body.variable("0")];
    body.repeat(width, (i) => {
      const place = body.variable(`${at} * ${width} + ${i}`);
      const take = (): void => {
        body.if(
          `${begun} > 0.5`,
          () => body.set(extreme, `${pick}(${extreme}, ${a}[${place}])`),
          () => body.set(extreme, `${a}[${place}]`),
        );
        body.set(begun, "1");
      };
      if (mask) body.if(`${mask}[${place}] > 0.5`, take);
      else take();
    });
    return extreme;
  });
}

/** How many branches of each kink tie. */
function tiesStage({ masked }: TieParams, kinks: number, width: number): Stage {
  return stage([0, ...(masked ? [1] : []), { stage: 0 }], kinks, (body, at, args) => {
    const [a, extreme] = [args[0] as string, args.at(-1) as string];
    const mask = masked ? args[1] : undefined;
    const ties = body.variable("0");
    body.repeat(width, (i) => {
      const place = body.variable(`${at} * ${width} + ${i}`);
      const isBranch = mask ? ` && ${mask}[${place}] > 0.5` : "";
      body.if(`isTied(${a}[${place}], ${extreme}[${at}]) > 0.5${isBranch}`, () => body.set(ties, `${ties} + 1`));
    });
    return ties;
  });
}

/** The branches are tensors; what is asked for is their mix. */
function weightsAcross({ inputs, output, params }: Task<TieParams>): Work {
  const { order, coefficients } = params;
  const size = sizeOf(output.shape);
  const operands = inputs.map((_, i): Read => i);
  const extra = shareReads(params, size);
  const mixed = stage([...operands, ...extra], size, (body, at, args) => {
    const numbers = extra.length > 0 ? args.at(-1) : undefined;
    const values = inputs.map((_, i) => body.variable(`${args[i]}[${at}]`));
    const extreme = body.variable(values.reduce((a, b) => `${better[order as "max" | "min"]}(${a}, ${b})`));
    const isTied = values.map((value) => body.variable(`isTied(${value}, ${extreme})`));
    const ties = body.variable(isTied.join(" + "));
    const [rank, total] = [body.variable("0"), body.variable("0")];
    isTied.forEach((tied, i) => {
      body.if(`${tied} > 0.5`, () => {
        const share = shareText(body, params, { rank, ties, kink: at, numbers });
        // a share of 0 leaves out what may be infinite
        body.if(`${share} !== 0`, () =>
          body.set(total, `${total} + ${share} * ${numberText(coefficients[i] as number)}`),
        );
        body.set(rank, `${rank} + 1`);
      });
    });
    return total;
  });
  return { stages: [mixed] };
}
