// The runs that show what training reaches, and what they must reach.

/** What the runs of one data set must reach, as shares of the test images. */
export interface Goal {
  /** The mean over seeds, of each optimizer. */
  readonly mean: number;
  /** Each run. */
  readonly least: number;
  /** The mean of the best optimizer. */
  readonly best: number;
}

/** An optimizer, as the command train takes it. */
export interface Trained {
  readonly data: "mnist" | "digits";
  readonly optimizer: string;
  readonly settings: readonly string[];
  readonly epochs: number;
}

export const seeds: readonly number[] = [1, 2, 3];

export const goals: Readonly<Record<Trained["data"], Goal>> = {
  mnist: { mean: 0.975, least: 0.97, best: 0.982 },
  digits: { mean: 0.97, least: 0.97, best: 0.97 },
};

const onMnist = (optimizer: string, ...settings: string[]): Trained => ({
  ...{ data: "mnist", optimizer, epochs: 5 },
  settings: ["--schedule", "cosine", ...settings],
});

/** Rates are the best of a few, tried with seeds 1 to 3. */
export const trained: readonly Trained[] = [
  { data: "digits", optimizer: "adamw", epochs: 3, settings: ["--rate", "0.002"] },
  onMnist("adamw", "--rate", "0.004"),
  onMnist("innaprop", "--rate", "0.002"),
  onMnist("nesterov", "--rate", "0.02"),
  onMnist("momentum", "--rate", "0.02"),
  onMnist("sgd", "--rate", "0.2"),
  onMnist("adam", "--rate", "0.002"),
  onMnist("nadam", "--rate", "0.002"),
  onMnist("rmsprop", "--rate", "0.001"),
  onMnist("inna", "--rate", "0.2", "--alpha", "0.5", "--beta", "0.1"),
  onMnist("dinadam", "--rate", "0.002"),
];

/** The arguments of one run. */
export const argumentsOf = ({ data, optimizer, settings, epochs }: Trained, seed: number, folder: string): string[] => [
  ...["train", "lenet5", "--data", data, "--optimizer", optimizer, ...settings],
  ...["--epochs", `${epochs}`, "--batch", "32", "--dtype", "f32", "--seed", `${seed}`, "--out", folder],
];
