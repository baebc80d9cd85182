// The inertial Newton step, which INNA takes along gradients and INNAprop along scaled gradients.
import { add, div, equal, mul, sub, type Tensor, type Tree, where } from "@nonsmooth/ad-core";
import { checkNumbers, checkOptions, checkState, rangeError } from "./checks.ts";
import type { Mask, Optimizer } from "./optimizer.ts";
import { nextCount, noSteps, scaled, zerosLike } from "./scalars.ts";
import { type Rate, scheduleFrom } from "./schedules.ts";
import { mapTree } from "./tree.ts";

/** Settings of {@link inertia}. */
export interface InertiaOptions {
  /** γ > 0, or a schedule. */
  readonly rate: Rate;
  /** α ≥ 0, viscous damping: friction. */
  readonly alpha: number;
  /** β > 0, geometric damping: how much the change of the gradient weighs. */
  readonly beta: number;
  /** λ ≥ 0, decoupled; 0 when absent. */
  readonly weightDecay?: number;
  /** Which parameters decay; all when absent. */
  readonly mask?: Mask;
  /** What is kept besides the count: the velocity d, or the auxiliary variable ψ of the papers; "velocity" when absent. */
  readonly state?: "velocity" | "psi";
  /** s: the movement begins with velocity `-s g`; β when absent. */
  readonly initialSpeed?: number;
}

/** The state of {@link inertia}: the number of steps, and `kept`, which is d or ψ. */
export type InertiaState = { readonly count: Tensor; readonly kept: Tree };

/** The names of the settings of {@link InertiaOptions}. */
export const inertiaSettings: readonly string[] = [
  ...["rate", "alpha", "beta", "weightDecay", "mask", "state", "initialSpeed"],
];

/**
 * An inertial Newton step along u: with `d = (1/β - α) θ - ψ/β`, `ψ ← ψ + γ d` and `θ ← θ + γ (d - β u)`, where ψ begins with
 * `(1 - αβ) θ`. It is the whole step: no rate follows it.
 *
 * With decay, θ is `(1 - γλ) θ` on the right. No form divides by `β - γ`. `state` chooses what is kept; the steps are the same
 * in exact arithmetic. "psi" keeps ψ, a number of the size of θ that 16-bit formats spoil. "velocity" keeps d, 0 at first:
 * `d ← d - (1/β - α) γλ θ`, the step, then `d ← d - γ (α d + (1 - αβ) u)`; α and β may then change without a jump.
 * With `initialSpeed` s, ψ begins with `(1 - αβ) θ - (β² - sβ) u`.
 * Cost: 5 multiplications and 3 additions per parameter (with "psi", one is a division), and at most 3 and 2 more with decay; 1
 * number of state per parameter.
 *
 * @param options - `rate` γ, `alpha` α, `beta` β, `weightDecay` λ (0), `mask`, `state` ("velocity"), `initialSpeed` s (β)
 * @returns the transform
 * @throws AdError "domain" for settings out of range or unknown
 * @see [CBFP21], [BBPP24] the velocity form is derived from theirs (numbers unchecked)
 * @example
 * const optimizer = inertia({ rate: 0.5, alpha: 0.5, beta: 1 });
 * const [updates, state] = optimizer.update(tensor(4), optimizer.init(tensor(1)), tensor(1));
 * updates // -2
 * state // { count: 1, kept: -1 }
 */
export const inertia = (options: InertiaOptions): Optimizer<InertiaState> => inertialSteps("inertia", options);

/** The transform, whose errors speak of the one who makes it. */
export function inertialSteps(name: string, options: InertiaOptions): Optimizer<InertiaState> {
  const settings = checkInertia(name, options);
  const { schedule, beta, state: kind, initialSpeed: speed } = settings;
  const memory = { velocity, psi }[kind](name, settings);
  return {
    name,
    init: (params) => ({ count: noSteps(), kept: memory.start(params) }),
    update(u, state, params) {
      checkState(name, state, ["count", "kept"]);
      const rate = schedule(state.count);
      const first = where(equal(state.count, 0), memory.push * (beta - speed), 0);
      const kept = speed === beta ? state.kept : mapTree(name, [state.kept, u], ([k, g]) => add(k, scaled(g, first)));
      const d = memory.direction(kept, params, rate);
      const updates = mapTree(name, [d, u, params], ([di, ui, p], path) => {
        const move = scaled(sub(di, scaled(ui, beta)), rate);
        const loss = lost(settings, rate, path, p);
        return loss ? sub(move, loss) : move;
      });
      return [updates, { count: nextCount(state.count), kept: memory.next(kept, d, u, rate) }];
    },
  };
}

/** The settings with their defaults. */
type Settings = Omit<Required<InertiaOptions>, "rate"> & { readonly schedule: (count: Tensor) => Tensor };

function checkInertia(name: string, options: InertiaOptions): Settings {
  checkOptions(name, options, inertiaSettings);
  const { rate, alpha, beta, weightDecay = 0, mask = () => true, state = "velocity", initialSpeed = beta } = options;
  const ranges = {
    alpha: "notNegative",
    beta: "positive",
    weightDecay: "notNegative",
    initialSpeed: "finite",
  } as const;
  checkNumbers(name, { alpha, beta, weightDecay, initialSpeed }, ranges);
  if (state !== "velocity" && state !== "psi") throw rangeError(name, "state", '"velocity" or "psi"', state);
  return { schedule: scheduleFrom(name, rate), alpha, beta, weightDecay, mask, state, initialSpeed };
}

/** `γ λ θ`, what a parameter loses in this step; nothing where it does not decay. */
function lost({ weightDecay, mask }: Settings, rate: Tensor, path: string, p: Tensor): Tensor | undefined {
  return weightDecay === 0 || !mask(path, p) ? undefined : scaled(p, mul(rate, weightDecay));
}

/** What is kept between steps, and how the direction d follows from it. */
interface Memory {
  /** How far a unit of initial velocity moves what is kept. */
  readonly push: number;
  start(params: Tree): Tree;
  direction(kept: Tree, params: Tree, rate: Tensor): Tree;
  next(kept: Tree, d: Tree, u: Tree, rate: Tensor): Tree;
}

/** Keeps d of the next step. */
function velocity(name: string, settings: Settings): Memory {
  const { alpha, beta } = settings;
  return {
    push: 1,
    start: (params) => zerosLike(name, params),
    direction: (kept, params, rate) =>
      mapTree(name, [kept, params], ([d, p], path) => {
        const loss = lost(settings, rate, path, p);
        return loss ? sub(d, scaled(loss, 1 / beta - alpha)) : d;
      }),
    next: (_kept, d, u, rate) =>
      mapTree(name, [d, u], ([di, ui]) => sub(di, scaled(add(scaled(di, alpha), scaled(ui, 1 - alpha * beta)), rate))),
  };
}

/** Keeps ψ. */
function psi(name: string, settings: Settings): Memory {
  const { alpha, beta } = settings;
  return {
    push: -beta,
    start: (params) => mapTree(name, [params], ([p]) => scaled(p, 1 - alpha * beta)),
    direction: (kept, params, rate) =>
      mapTree(name, [kept, params], ([k, p], path) => {
        const loss = lost(settings, rate, path, p);
        return sub(scaled(loss ? sub(p, loss) : p, 1 / beta - alpha), div(k, beta));
      }),
    next: (kept, d, _u, rate) => mapTree(name, [kept, d], ([k, di]) => add(k, scaled(di, rate))),
  };
}
