/** The published claims about volumes, each judged when its jobs are there. */
import type { Claim } from "../../report/report.ts";
import { grouped } from "../../report/statistics.ts";
import { pairs } from "../plan.ts";
import { more, nearlyAll, none, type Share, someButFewer } from "./judging.ts";
import { networkName, pairName, type Volume, volumeOf, type ZonesRow } from "./rows.ts";

type Test = (row: ZonesRow) => boolean;

/** All claims that the rows speak of. Figures are numbered by the pairs, in the order of the rows. */
export function claimsOf(rows: readonly ZonesRow[]): Claim[] {
  const names = [...new Set(rows.map(pairName))];
  const of = (pair: keyof typeof pairs): [ZonesRow[], number] => {
    const name = pairName(pairs[pair]);
    return [rows.filter((row) => pairName(row) === name), names.indexOf(name)];
  };
  return [...reluClaims(...of("relu")), ...poolClaims(...of("maxpool"))];
}

const [byBatches, byDraws] = [
  ({ differing, batches }: Volume): Share => ({ successes: differing, trials: batches }),
  ({ differingDraws, draws }: Volume): Share => ({ successes: differingDraws, trials: draws }),
];
const aboveOf = ({ above, batches }: Volume): Share => ({ successes: above, trials: batches });

/** The share of the rows that pass; null when there are none. */
function shareOf(rows: readonly ZonesRow[], of: (volume: Volume) => Share, ...tests: Test[]): Share | null {
  const chosen = rows.filter((row) => tests.every((test) => test(row)));
  return chosen.length === 0 ? null : of(volumeOf(chosen));
}

const format =
  (...names: string[]): Test =>
  (row) =>
    names.includes(row.format);
const like =
  (changes: Partial<ZonesRow>): Test =>
  (row) =>
    Object.entries(changes).every(([name, value]) => row[name as keyof ZonesRow] === value);

/** A claim, when all shares that it needs are there. */
function given<S extends readonly (Share | null)[]>(
  shares: readonly [...S],
  make: (...found: { [K in keyof S]: Share }) => Claim,
): Claim[] {
  return shares.includes(null) ? [] : [make(...(shares as unknown as { [K in keyof S]: Share }))];
}

const table = "BLGP21, perceptrons on MNIST, 1000 draws";

function reluClaims(rows: readonly ZonesRow[], index: number): Claim[] {
  const [bits, draws] = [`bits-${index}`, `draws-${index}`];
  const mlp = rows.filter(({ network }) => network === "mlp");
  const usual = like({ depth: 3, width: 256, batch: 128 });
  const ends = (name: "depth" | "width", changes: Partial<ZonesRow>): [Share | null, Share | null, string] => {
    const values = mlp.filter((row) => like({ ...changes, format: "f32" })(row)).map((row) => row[name] as number);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const at = (value: number): Share | null =>
      least < most ? shareOf(mlp, byDraws, format("f32"), like({ ...changes, [name]: value })) : null;
    return [at(most), at(least), `${most} against ${least}`];
  };
  const [deep, shallow, depths] = ends("depth", { width: 256, batch: 128 });
  const [wide, narrow, widths] = ends("width", { depth: 3, batch: 128 });
  const in32 = shareOf(mlp, byDraws, format("f32"), usual);
  return [
    ...given([shareOf(rows, byBatches, format("f64"))], (share) =>
      none(
        {
          statement: "With 64 bits ReLU'(0) does not show: no mini-batch has another gradient.",
          source: table,
          figure: bits,
        },
        share,
      ),
    ),
    ...given([shareOf(mlp, byDraws, format("f16"), usual)], (share) =>
      nearlyAll(
        {
          statement:
            "With 16 bits nearly every draw of a perceptron 3 x 256 has a mini-batch that depends on ReLU'(0).",
          source: `${table}: 1000`,
          figure: draws,
        },
        share,
      ),
    ),
    ...given([in32, shareOf(mlp, byDraws, format("f16"), usual)], (here, there) =>
      someButFewer(
        {
          statement: "With 32 bits some draws of a perceptron 3 x 256 have one, fewer than with 16 bits.",
          source: `${table}: 463 with all 60,000 images`,
          figure: draws,
        },
        here,
        there,
      ),
    ),
    ...given([deep, shallow], (here, there) =>
      more(
        {
          statement: `With 32 bits the share of draws grows with depth (${depths} hidden layers).`,
          source: `${table}: 54 for 1, 697 for 6`,
          figure: draws,
        },
        here,
        there,
      ),
    ),
    ...given([wide, narrow], (here, there) =>
      more(
        {
          statement: `With 32 bits the share of draws grows with width (${widths}).`,
          source: `${table}: 21 for 16, 873 for 1024`,
          figure: draws,
        },
        here,
        there,
      ),
    ),
    ...given(
      [
        shareOf(mlp, byBatches, format("f32"), like({ depth: 3, width: 256, batch: 1024 })),
        shareOf(mlp, byBatches, format("f32"), like({ depth: 3, width: 256, batch: 16 })),
      ],
      (here, there) =>
        more(
          {
            statement: "With 32 bits the share of mini-batches grows with their size (1024 against 16).",
            source: "Bou24, VGG19, batches of 64 to 1024; BLGP21 has no such trend by draws",
            figure: bits,
          },
          here,
          there,
        ),
    ),
  ];
}

function poolClaims(rows: readonly ZonesRow[], index: number): Claim[] {
  const figure = `above-${index}`;
  const networks = [...new Set(rows.map(networkName))].filter((name) => !name.includes("batch norm"));
  const source = "Bou24, VGG11 on CIFAR-10: 0, 49 to 55 and 100 % above the threshold";
  return networks.flatMap((name) => {
    const own = rows.filter((row) => networkName(row) === name && row.batch === 128);
    const withNorm = rows.filter((row) => networkName(row) === `${name} with batch norm` && row.batch === 128);
    const [in64, in32, in16] = ["f64", "f32", "f16"].map((bits) => shareOf(own, aboveOf, format(bits))) as [
      Share | null,
      Share | null,
      Share | null,
    ];
    return [
      ...given([in64], (share) =>
        none(
          {
            statement: `${name}, 64 bits: native and minimal max-pooling differ above the threshold in no mini-batch.`,
            source,
            figure,
          },
          share,
        ),
      ),
      ...given([in16], (share) => nearlyAll({ statement: `${name}, 16 bits: in nearly all.`, source, figure }, share)),
      ...given([in32, in16], (here, there) =>
        someButFewer({ statement: `${name}, 32 bits: in some, fewer than with 16 bits.`, source, figure }, here, there),
      ),
      ...given([shareOf(withNorm, aboveOf, format("f32")), in32], (here, there) =>
        more(
          {
            statement: `${name}, 32 bits: batch norm raises the share.`,
            source: "Bou24, VGG11: 80 against 54 %",
            figure,
          },
          here,
          there,
        ),
      ),
      ...causeClaims(own, name),
      ...batchClaim(
        rows.filter((row) => networkName(row) === name),
        name,
        figure,
      ),
    ];
  });
}

function batchClaim(rows: readonly ZonesRow[], name: string, figure: string): Claim[] {
  const sizes = rows.filter(format("f32")).map(({ batch }) => batch);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  if (!(least < most)) return [];
  const at = (batch: number): Share | null => shareOf(rows, aboveOf, format("f32"), like({ batch }));
  const statement = `${name}, 32 bits: the share grows with the size of mini-batches (${most} against ${least}).`;
  return given([at(most), at(least)], (here, there) =>
    more({ statement, source: "Bou24, VGG19: 27 % for 64, 92 % for 1024", figure }, here, there),
  );
}

/** Whether differences are compensation, as the census of their ties proves or not. */
function causeClaims(rows: readonly ZonesRow[], name: string): Claim[] {
  return grouped(rows, (row) => row.format).flatMap(([bits, group]) => {
    const causes = group.flatMap(({ found }) => found.draws.flatMap(({ census }) => census?.causes ?? []));
    if (causes.length === 0) return [];
    const successes = causes.filter((cause) => cause === "rounding" || cause === "none").length;
    const statement = `${name}, ${bits}: every tie of nearly all mini-batches is proved harmless, so that what differs is rounding alone.`;
    const source = "Bou24: the compensation zone, which it could not tell from kinks";
    return [nearlyAll({ statement, source, figure: "causes" }, { successes, trials: causes.length })];
  });
}
