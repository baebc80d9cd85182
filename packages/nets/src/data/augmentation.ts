// Augmentation of images: random crops and flips, drawn for each image of each epoch.
import { checkSettings, checkWhole } from "./checks.ts";
import { drawsFor, type Pass } from "./draws.ts";

/** How images are changed at random; what is absent does not happen. */
export interface Augmentation {
  /**
   * Random crop: the image is framed by so many zero bytes on each side, and a window of its own size is cut out, each
   * place alike.
   */
  readonly padding?: number;
  /** Mirrored from left to right, with probability 1/2, after the crop. */
  readonly flip?: boolean;
}

/** The augmentation of the published experiments on CIFAR: crop with padding 4, and flip. */
export const standardAugmentation: Required<Augmentation> = { padding: 4, flip: true };

/** Where the pixels of an image come from: the one at `[y, x]` from `[y + down, (isFlipped ? width - 1 - x : x) + right]`. */
export interface Placement {
  readonly down: number;
  readonly right: number;
  readonly isFlipped: boolean;
}

/** As it is stored. */
export const inPlace: Placement = { down: 0, right: 0, isFlipped: false };

/** Draws for each image; fixed, so that adding a flip does not change the crops. */
const drawsOfImage = 3;

/**
 * The placement of each image in an epoch, from -padding to padding pixels in both directions.
 *
 * That of image `i` is a function of the seed, the epoch, `i` and the padding alone: neither the batch size nor the order
 * nor the number of images matters.
 *
 * Cost: three random numbers for each image, drawn at once.
 *
 * @param count - how many images, a whole number
 * @param augmentation - `padding`, `flip`
 * @param pass - `seed`, and `epoch` from 0 on
 * @returns a function from the number of an image to its placement
 * @throws AdError "domain" when a number is not whole or negative, or a setting is unknown
 * @see [Bou24] the protocol
 * @example
 * const place = placements(2, { padding: 4, flip: true }, { seed: 1, epoch: 0 });
 * place(1) // { down: -1, right: -4, isFlipped: false }
 */
export function placements(count: number, augmentation: Augmentation, pass: Pass): (image: number) => Placement {
  const where = "placements";
  checkSettings(where, augmentation, ["padding", "flip"]);
  const padding = checkWhole(where, "padding", augmentation.padding ?? 0, 0);
  const draws = drawsFor(where, "placement", pass, drawsOfImage * checkWhole(where, "count", count, 0));
  const offset = (draw: number): number => Math.floor(draw * (2 * padding + 1)) - padding;
  return (image) => {
    const [down, right, side] = draws.subarray(drawsOfImage * image, drawsOfImage * (image + 1));
    const isFlipped = augmentation.flip === true && (side as number) < 0.5;
    return { down: offset(down as number), right: offset(right as number), isFlipped };
  };
}
