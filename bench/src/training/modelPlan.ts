/** Which model a run has, and what its data look like, as plain data. */

/** Which model, and what of it is not as usual. */
export interface ModelPlan {
  /** A name, or the path of a file that exports a network. */
  readonly model: string;
  /** Of that file's contents; absent for a model by name. `pinned` writes it. */
  readonly modelSha256?: string;
  readonly batchNorm: boolean;
  /** Sizes by the names of the model's options, such as `width`. */
  readonly sizes: Readonly<Record<string, number>>;
  /** The layer of each activation, such as `tanh` or `relu-assign:0.5`; null for the model's own. */
  readonly activation: string | null;
  /** The layer of each pooling that takes a maximum, such as `norm` or `beta-coded:10`; null for the model's own. */
  readonly pool: string | null;
  /** How weights begin, where it is not the model's own way. */
  readonly weights?: WeightsName;
}

/** Ways to begin besides the model's own: that of the study of volumes. */
export type WeightsName = "volume";

/** What a model must know of images. */
export interface ImageForm {
  readonly kind: "images";
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
}

/** What a model must know of a text. */
export interface TextForm {
  readonly kind: "text";
  readonly vocabulary: number;
}

export type DataForm = ImageForm | TextForm;
