/**
 * The steps of PyTorch, pinned: 1.13.0 in float64 on the parameters (1, -2) of x² + x y / 2 + y² / 2, five steps by
 * `loss.backward(); optimizer.step()`, each number as Python prints it. Settings are those of each row; the others are the
 * defaults of both sides. NAdam has `foreach=True`, because its other path took a wrong product until a later version
 * (https://github.com/pytorch/pytorch/pull/92699).
 */
import { type Tensor, tensor } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { problems, runOn, worst } from "../../laws/optimization.ts";
import { adam, adamW } from "./adam.ts";
import type { ChainState } from "./chain.ts";
import { nadam } from "./nadam.ts";
import type { Optimizer } from "./optimizer.ts";
import { rmsprop } from "./rmsprop.ts";
import { cosine, linearWarmup, type Schedule, step } from "./schedules.ts";
import { momentum, sgd } from "./sgd.ts";

type Row = [string, Optimizer<ChainState>, [number, number][]];

const rows: Row[] = [
  [
    "SGD(lr=0.1, weight_decay=0.01)",
    sgd({ rate: 0.1, weightDecay: 0.01 }),
    [
      [0.899, -1.848],
      [0.810701, -1.706302],
      [0.733065199, -1.574500548],
      [0.664444121401, -1.452129252602],
      [0.6034973156294989, -1.338686404159248],
    ],
  ],
  [
    "SGD(lr=0.1, momentum=0.9)",
    momentum({ rate: 0.1 }),
    [
      [0.9, -1.85],
      [0.7225, -1.5750000000000002],
      [0.49700000000000005, -1.2061250000000001],
      [0.25495625, -0.7783750000000002],
      [0.025044374999999994, -0.3283103125000001],
    ],
  ],
  [
    "SGD(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01)",
    momentum({ rate: 0.1, nesterov: true, weightDecay: 0.01 }),
    [
      [0.8081, -1.7112],
      [0.58024061, -1.33647022],
      [0.349719230941, -0.917051220732],
      [0.14063644791007207, -0.49218963461972415],
      [-0.03249219704145889, -0.0963460693588014],
    ],
  ],
  [
    "RMSprop(lr=0.01)",
    rmsprop(),
    [
      [0.9000000099999991, -1.9000000066666662],
      [0.8350463530356569, -1.8303174569310214],
      [0.7848876788571253, -1.7739528899228363],
      [0.7434018874983669, -1.7254965691215893],
      [0.7077922265843171, -1.682426389996286],
    ],
  ],
  [
    "RMSprop(lr=0.01, alpha=0.9, momentum=0.9, centered=True, weight_decay=0.01)",
    rmsprop({ decay: 0.9, momentum: 0.9, centered: true, weightDecay: 0.01 }),
    [
      [0.9666666677667767, -1.9666666673976607],
      [0.9118039925987621, -1.9113123687684177],
      [0.8415781275643868, -1.8393437968710153],
      [0.7603420449323406, -1.7541386230310458],
      [0.6716864489229213, -1.658067231860143],
    ],
  ],
  [
    "Adam(lr=0.1)",
    adam({ rate: 0.1 }),
    [
      [0.900000001, -1.9000000006666666],
      [0.800748444410513, -1.8001027084224743],
      [0.7029666372930395, -1.7003825907283292],
      [0.6075909583845805, -1.600919982970722],
      [0.5157999573549552, -1.5018028319043286],
    ],
  ],
  [
    "Adam(lr=0.1, betas=(0.8, 0.9), eps=1e-6, weight_decay=0.1)",
    adam({ rate: 0.1, beta1: 0.8, beta2: 0.9, epsilon: 1e-6, weightDecay: 0.1 }),
    [
      [0.9000000909090082, -1.9000000588234949],
      [0.8007671761915752, -1.8001213714266797],
      [0.7030395594304966, -1.700450721037496],
      [0.6077933896429462, -1.6010798740669026],
      [0.516304573140264, -1.5021068479265363],
    ],
  ],
  [
    "AdamW(lr=0.1)",
    adamW({ rate: 0.1 }),
    [
      [0.899000001, -1.8980000006666666],
      [0.7988571741407158, -1.7962082942003055],
      [0.7002996215994074, -1.694701734321759],
      [0.6042719664869255, -1.593563143729798],
      [0.5119618821225151, -1.492883086269671],
    ],
  ],
  [
    "NAdam(lr=0.1, foreach=True)",
    nadam({ rate: 0.1 }),
    [
      [0.894354823220913, -1.8943548228687623],
      [0.8222262699885533, -1.8172428604874808],
      [0.7583244572657788, -1.7459482883486348],
      [0.6978244945997767, -1.675481047585281],
      [0.6396248279799196, -1.6043486330877812],
    ],
  ],
  [
    "NAdam(lr=0.1, momentum_decay=0.01, weight_decay=0.1, foreach=True)",
    nadam({ rate: 0.1, momentumDecay: 0.01, weightDecay: 0.1 }),
    [
      [0.8943510062277463, -1.8943510058887656],
      [0.8220154244852301, -1.817321377383302],
      [0.7578134857195495, -1.7461408072934248],
      [0.6969119601140021, -1.6758152324291669],
      [0.6381955794068704, -1.6048502260063515],
    ],
  ],
];

test.each(rows)("%s", (_name, optimizer, expected) => {
  const visited = runOn(problems.Q, optimizer, 5).flatMap(({ params }) => Array.from(params.data));
  expect(worst(visited, expected.flat())).toBeLessThanOrEqual(1e-12);
});

// Rates before each step, with lr=0.1.
test.each<[string, Schedule, number[]]>([
  [
    "CosineAnnealingLR(T_max=5, eta_min=0.01)",
    cosine({ rate: 0.1, steps: 5, floor: 0.01 }),
    [0.1, 0.09140576474687263, 0.06890576474687263, 0.04109423525312736, 0.018594235253127367, 0.01],
  ],
  ["StepLR(step_size=2, gamma=0.5)", step({ rate: 0.1, every: 2, factor: 0.5 }), [0.1, 0.1, 0.05, 0.05, 0.025, 0.025]],
  [
    "LinearLR(start_factor=0.25, total_iters=4)",
    linearWarmup(0.1, { steps: 4, start: 0.25 }),
    [0.025, 0.043750000000000004, 0.06250000000000001, 0.08125000000000002, 0.10000000000000002, 0.10000000000000002],
  ],
])("%s", (_name, schedule, expected) => {
  const rates = expected.map((_, k) => (schedule(tensor(k)) as Tensor).data[0] as number);
  expect(worst(rates, expected)).toBeLessThanOrEqual(1e-12);
});
