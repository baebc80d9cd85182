// How smooth a function is where it was run, in six levels.

/** From 3, smooth, down to -2, no derivative. */
export type KinkStatus = 3 | 2 | 1 | 0 | -1 | -2;

/** What the levels mean. */
export const statusText: Readonly<Record<KinkStatus, string>> = {
  3: "smooth here",
  2: "smooth here, on another branch than at the recorded point",
  1: "a tie: branches meet, and a selection decides",
  0: "a jump: the value is not continuous here",
  [-1]: "a guard differs: the recorded program does not hold here",
  [-2]: "no derivative: a value or a slope is not finite",
};
