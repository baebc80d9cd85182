// All kernels by the names of the records that they compute.
import { convolutionKernels } from "./convolution.ts";
import type { Kernels } from "./kernel.ts";
import { matmulKernel, matmulKernels } from "./matmul.ts";
import { movesKernels } from "./moves.ts";
import { normalizeKernels } from "./normalize.ts";
import { poolingKernels } from "./pooling.ts";
import { poolingFusions } from "./poolingFusions.ts";
import { randomKernels } from "./random.ts";
import { ranksKernels } from "./ranks.ts";
import { reductionKernels } from "./reductions.ts";
import { scattersKernels } from "./scatters.ts";
import { softmaxKernels } from "./softmax.ts";
import { tiesKernels } from "./ties.ts";

/** What loops over formulas do not compute. */
const plain: Kernels["plain"] = {
  ...{ ...matmulKernels, ...movesKernels, ...normalizeKernels, ...poolingKernels, ...randomKernels },
  ...{ ...ranksKernels, ...reductionKernels, ...scattersKernels, ...softmaxKernels, ...tiesKernels },
  ...convolutionKernels,
};

export const kernels: Kernels = {
  plain,
  exchanged: {
    matmul: (task, [transposeA = false, transposeB = false]) => matmulKernel(task, { transposeA, transposeB }),
  },
  fused: poolingFusions,
};
