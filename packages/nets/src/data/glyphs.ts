// The ten digits as pen strokes in the unit square, x to the right and y downwards.

/** A place on paper. */
export type Point = readonly [x: number, y: number];

/** A line of the pen: through all points without a corner, and back to the first one if it is closed. */
export interface Stroke {
  readonly points: readonly Point[];
  readonly isClosed?: true;
}

const open = (...points: Point[]): Stroke => ({ points });
const closed = (...points: Point[]): Stroke => ({ points, isClosed: true });

/** The strokes of each digit; a corner is where one stroke ends and the next begins. */
export const glyphs: readonly (readonly Stroke[])[] = [
  [closed([0.5, 0], [0.75, 0.14], [0.84, 0.5], [0.75, 0.86], [0.5, 1], [0.25, 0.86], [0.16, 0.5], [0.25, 0.14])],
  [open([0.3, 0.22], [0.55, 0]), open([0.55, 0], [0.53, 0.5], [0.52, 1])],
  [
    open([0.18, 0.26], [0.3, 0.06], [0.55, 0], [0.78, 0.12], [0.79, 0.34], [0.6, 0.62], [0.16, 1]),
    open([0.16, 1], [0.86, 0.98]),
  ],
  [
    open([0.2, 0.12], [0.5, 0], [0.78, 0.12], [0.74, 0.36], [0.42, 0.48]),
    open([0.42, 0.48], [0.78, 0.58], [0.82, 0.84], [0.52, 1], [0.17, 0.88]),
  ],
  [open([0.6, 0], [0.42, 0.34], [0.12, 0.68]), open([0.12, 0.68], [0.92, 0.66]), open([0.68, 0.36], [0.64, 1])],
  [
    open([0.82, 0], [0.28, 0.02]),
    open([0.28, 0.02], [0.22, 0.46]),
    open([0.22, 0.46], [0.52, 0.38], [0.8, 0.52], [0.8, 0.82], [0.52, 1], [0.18, 0.9]),
  ],
  [
    open(
      ...([
        [0.72, 0.01],
        [0.4, 0.2],
        [0.22, 0.55],
        [0.26, 0.85],
        [0.5, 1],
      ] as const),
      ...([
        [0.76, 0.86],
        [0.76, 0.62],
        [0.52, 0.5],
        [0.25, 0.64],
      ] as const),
    ),
  ],
  [open([0.14, 0.02], [0.86, 0]), open([0.86, 0], [0.58, 0.46], [0.4, 1])],
  [
    closed([0.5, 0], [0.73, 0.1], [0.72, 0.34], [0.5, 0.46], [0.28, 0.34], [0.27, 0.1]),
    closed([0.5, 0.46], [0.79, 0.6], [0.79, 0.88], [0.5, 1], [0.21, 0.88], [0.21, 0.6]),
  ],
  [
    closed([0.76, 0.26], [0.52, 0.5], [0.26, 0.38], [0.25, 0.14], [0.5, 0], [0.72, 0.08]),
    open([0.76, 0.26], [0.73, 0.6], [0.6, 1]),
  ],
];
