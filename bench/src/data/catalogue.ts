/** The data sets that are known: their files, the sums of these, and where they come from. */

/** The sets whose examples are images. */
export type ImageDataName =
  | "mnist"
  | "fashion-mnist"
  | "kmnist"
  | "cifar10"
  | "cifar100"
  | "svhn"
  | "svhn-extra"
  | "digits";

/** All data sets. */
export type DataName = ImageDataName | "text";

/** The files that a set may consist of, without `.gz`. */
export interface Variant {
  /** Empty when the test files are split. */
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** What is particular about it; empty for the whole set. */
  readonly note: string;
}

/** Known sums of a file, each MD5 (32 digits) or SHA-256 (64). */
export interface Sums {
  /** Of the file as `.gz`. */
  readonly packed?: string;
  /** Of the file without `.gz`. */
  readonly content?: string;
}

/** A set that is read from files. */
export interface Entry {
  /** Subfolders of the folder of data where its files may lie; "" is that folder itself. The first is recommended. */
  readonly folders: readonly string[];
  /** In the order in which they are looked for. */
  readonly variants: readonly Variant[];
  /** An archive that may stand in place of the files. */
  readonly archive?: string;
  /** By name without `.gz`. */
  readonly sums: Readonly<Record<string, Sums>>;
  /** The page that gives it out. */
  readonly source: string;
}

const idx = (part: string): string[] => [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`];
const wholeIdx: Variant = { train: idx("train"), test: idx("t10k"), note: "" };
const cutIdx: Variant = { train: [], test: idx("t10k"), note: "the test images, split 8 : 2" };

/** Sums of the four files of a set like MNIST, in the order in which they are read. */
const idxSums = (...packed: readonly string[]): Record<string, Sums> =>
  Object.fromEntries([...idx("train"), ...idx("t10k")].map((name, i) => [name, { packed: packed[i] as string }]));

const cifar10Batches = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`);

const svhn = (train: string): Entry => ({
  folders: ["svhn", ""],
  variants: [{ train: [`${train}_32x32.mat`], test: ["test_32x32.mat"], note: "" }],
  sums: {
    "train_32x32.mat": { content: "e26dedcc434d2e4c54c9b2d4a06d8373" },
    "test_32x32.mat": { content: "eb5a983be6a315427106f1b164d9cef3" },
    "extra_32x32.mat": { content: "a93ce644f1a588dc4d68dda5feec44a7" },
  },
  source: "The Street View House Numbers (SVHN) Dataset, format 2, ufldl.stanford.edu/housenumbers",
});

/** All sets that are read from files; the sums of cut files are of those that the project's studies use. */
export const catalogue: Readonly<Record<Exclude<DataName, "digits">, Entry>> = {
  mnist: {
    folders: ["mnist", ""],
    variants: [wholeIdx, cutIdx],
    sums: {
      "train-images-idx3-ubyte": {
        packed: "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        content: "6bbc9ace898e44ae57da46a324031adb",
      },
      "train-labels-idx1-ubyte": {
        packed: "d53e105ee54ea40749a09fcbcd1e9432",
        content: "a25bea736e30d166cdddb491f175f624",
      },
      "t10k-images-idx3-ubyte": {
        packed: "9fb629c4189551a2d022fa330f9573f3",
        content: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
      },
      "t10k-labels-idx1-ubyte": {
        packed: "ec29112dd5afa0611ce80d1b7f02629c",
        content: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
      },
    },
    source: "The MNIST Database of Handwritten Digits, yann.lecun.com/exdb/mnist",
  },
  "fashion-mnist": {
    folders: ["fashion-mnist"],
    variants: [wholeIdx],
    sums: idxSums(
      "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
      "25c81989df183df01b3e8a0aad5dffbe",
      "bef4ecab320f06d8554ea6380940ec79",
      "bb300cfdad3c16e7a12a480ee83cd310",
    ),
    source: "Fashion-MNIST, github.com/zalandoresearch/fashion-mnist",
  },
  kmnist: {
    folders: ["kmnist"],
    variants: [wholeIdx],
    sums: idxSums(
      "bdb82020997e1d708af4cf47b453dcf7",
      "e144d726b3acfaa3e44228e80efcd344",
      "5c965bf0a639b31b8f53240b1b52f4d7",
      "7320c461ea6c1c855c0b718fb2a4b134",
    ),
    source: "Kuzushiji-MNIST, codh.rois.ac.jp/kmnist",
  },
  cifar10: {
    folders: ["cifar10", "cifar-10-batches-bin", ""],
    variants: [
      { train: cifar10Batches, test: ["test_batch.bin"], note: "" },
      { train: ["train-10k.bin"], test: ["test-2k.bin"], note: "a part of it" },
    ],
    archive: "cifar-10-binary.tar.gz",
    sums: {
      "cifar-10-binary.tar.gz": { content: "c32a1d4ab5d03f1284b67883e8d87530" },
      "train-10k.bin": {
        packed: "cd96c1ec78bca2a16bb4bf02c073e94b54de26f4a9acc9e47985532db814ee6d",
        content: "d35ca679ee2b6ae3c7be157ceefe8877151793e57a6f0bf2adcc3508191b1d38",
      },
      "test-2k.bin": {
        packed: "d870ad542168aa82dc18c954c861d383d3ed68de37904238719b27e05b2f02cd",
        content: "679e0ad47e727ff91a41d11470762069c43f2e14bf854abb0d08a35c43b272f3",
      },
    },
    source: "The CIFAR-10 dataset, binary version, www.cs.toronto.edu/~kriz/cifar.html",
  },
  cifar100: {
    folders: ["cifar100", "cifar-100-binary"],
    variants: [{ train: ["train.bin"], test: ["test.bin"], note: "" }],
    archive: "cifar-100-binary.tar.gz",
    sums: { "cifar-100-binary.tar.gz": { content: "03b5dce01913d631647c71ecec9e9cb8" } },
    source: "The CIFAR-100 dataset, binary version, www.cs.toronto.edu/~kriz/cifar.html",
  },
  svhn: svhn("train"),
  "svhn-extra": svhn("extra"),
  text: {
    folders: ["text", ""],
    variants: ["tinyshakespeare.txt", "input.txt"].map((name) => ({ train: [name], test: [], note: "split 9 : 1" })),
    // None for input.txt, which may be any text.
    sums: {
      "tinyshakespeare.txt": { content: "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed" },
    },
    source: "tinyshakespeare, github.com/karpathy/char-rnn (a text of your own goes into input.txt)",
  },
};

/** The names of all sets, in the order in which they are listed. */
export const dataNames: readonly DataName[] = [
  ...(["mnist", "fashion-mnist", "kmnist", "cifar10", "cifar100"] as const),
  ...(["svhn", "svhn-extra", "text", "digits"] as const),
];

/** Those whose examples are images. */
export const imageDataNames: readonly ImageDataName[] = dataNames.filter((name) => name !== "text");
