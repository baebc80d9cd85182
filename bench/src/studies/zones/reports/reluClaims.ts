/** The published claims about ReLU'(0), each judged when its jobs are there. */
import type { Claim } from "../../../report/report.ts";
import { more, nearlyAll, none, someButFewer } from "./judging.ts";
import { usualBatch, type ZonesRow } from "./rows.ts";
import { byBatches, byDraws, endsOf, judged, shareOf } from "./shares.ts";

const table = "BLGP21, perceptrons on MNIST, 1000 draws";
const perceptron = { network: "mlp", batchNorm: false } as const;
const usual = { ...perceptron, depth: 3, width: 256, batch: usualBatch } as const;

/** All claims about rows of ReLU'(0) = 0 and 1, whose figures have a number. */
export const reluClaims = (rows: readonly ZonesRow[], number: number): Claim[] => [
  ...formatClaims(rows, number),
  ...growthClaim(rows, number, "depth", { says: "depth, in hidden layers", source: `${table}: 54 for 1, 697 for 6` }),
  ...growthClaim(rows, number, "width", { says: "width", source: `${table}: 21 for 16, 873 for 1024` }),
  ...batchClaim(rows, number),
];

function formatClaims(rows: readonly ZonesRow[], number: number): Claim[] {
  const [in32, in16] = (["f32", "f16"] as const).map((format) => shareOf(rows, byDraws, { ...usual, format })) as [
    ReturnType<typeof shareOf>,
    ReturnType<typeof shareOf>,
  ];
  const never = "With 64 bits ReLU'(0) does not show: no mini-batch has another gradient.";
  const nearly = "With 16 bits nearly every draw of a perceptron 3 x 256 has a mini-batch that depends on ReLU'(0).";
  const some = "With 32 bits some draws of a perceptron 3 x 256 have one, fewer than with 16 bits.";
  const draws = { figure: `draws-${number}` };
  return [
    ...judged(
      none,
      { statement: never, source: table, figure: `bits-${number}` },
      shareOf(rows, byBatches, { format: "f64" }),
    ),
    ...judged(nearlyAll, { statement: nearly, source: `${table}: 1000`, ...draws }, in16),
    ...judged(someButFewer, { statement: some, source: `${table}: 463 with all 60,000 images`, ...draws }, in32, in16),
  ];
}

function growthClaim(
  rows: readonly ZonesRow[],
  number: number,
  size: "depth" | "width",
  { says, source }: { readonly says: string; readonly source: string },
): Claim[] {
  const { [size]: _any, ...others } = usual;
  const alike = rows.filter((row) =>
    Object.entries(others).every(([name, value]) => row[name as keyof ZonesRow] === value),
  );
  const ends = endsOf(alike, size, "f32");
  if (ends === null) return [];
  const [few, many] = ends.map((value) => shareOf(alike, byDraws, { format: "f32", [size]: value })) as [
    ReturnType<typeof shareOf>,
    ReturnType<typeof shareOf>,
  ];
  const statement = `With 32 bits the share of draws of a perceptron grows with ${says} (${ends[1]} against ${ends[0]}).`;
  return judged(more, { statement, source, figure: `draws-${number}` }, many, few);
}

function batchClaim(rows: readonly ZonesRow[], number: number): Claim[] {
  const at = (batch: number) => shareOf(rows, byBatches, { ...usual, format: "f32", batch });
  const statement = "With 32 bits the share of mini-batches grows with their size (1024 against 16).";
  const source = "Bou24, VGG19, batches of 64 to 1024; BLGP21 has no such trend by draws";
  return judged(more, { statement, source, figure: `bits-${number}` }, at(1024), at(16));
}
