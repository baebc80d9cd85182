// Forward mode along several directions at once: an interpreter whose values carry one tangent for each.
import {
  add,
  atSite,
  type Branches,
  type Chooser,
  type Instruction,
  type LinearMap,
  type Maybe,
  mul,
  ones,
  type Tensor,
} from "@nonsmooth/ad-core";
import {
  type Call,
  type Interpreter,
  isReal,
  joint,
  linearizeInstruction,
  mapInputs,
  type Signal,
  type Tape,
  Traced,
  within,
} from "@nonsmooth/ad-core/transforms";
import { customError, cutError } from "./refusals.ts";

/** What a value carries: its slot on the tape, if there is one, and its tangents. */
interface Motion {
  readonly slot: number;
  readonly tangents: readonly Maybe[];
}

/**
 * Linearizes every instruction once, with a choice at kinks that sees the tangents along all directions, and pushes
 * each tangent through that one map. With a tape the same maps are kept, to be read backwards.
 */
export class Directions implements Interpreter {
  readonly where: string;
  readonly outer: Interpreter;
  readonly chooser: Chooser;
  readonly tape: Tape | null;
  /** The numbers that are equal where an instruction jumps. */
  readonly jumps: Signal[] = [];
  passed = 0;

  constructor(where: string, outer: Interpreter, chooser: Chooser, tape: Tape | null) {
    this.where = where;
    this.outer = outer;
    this.chooser = chooser;
    this.tape = tape;
  }

  /** A value with its tangents; one that moves along no direction needs none. */
  follow(primal: Tensor, tangents: readonly Maybe[]): Tensor {
    if (tangents.every((dx) => dx === null)) return primal;
    return new Traced<Motion>(this, primal, { slot: this.tape?.follow(primal).content ?? -1, tangents });
  }

  isOwn(x: Tensor): x is Traced<Motion> {
    return x instanceof Traced && x.owner === this;
  }

  primalOf(x: Tensor): Tensor {
    return this.isOwn(x) ? x.primal : x;
  }

  tangentOf(x: Tensor, direction: number): Maybe {
    return this.isOwn(x) ? (x.content.tangents[direction] ?? null) : null;
  }

  slotOf(x: Tensor): number {
    return this.isOwn(x) ? x.content.slot : -1;
  }

  process(instruction: Instruction): Tensor {
    const position = this.passed++;
    const bare = { ...instruction, inputs: mapInputs(instruction.inputs, (x) => this.primalOf(x)) };
    const output = this.outer.process(bare);
    if (!instruction.inputs.some((x) => this.isOwn(x))) return output;
    return within(this.outer, () =>
      atSite(bare.site, () => {
        if (bare.primitive.kink?.type === "jump") this.watch(bare, position, bare.primitive.kink);
        const motions = instruction.inputs.map((x) => (this.isOwn(x) ? x.content : null));
        return isReal(output.dtype) ? this.move(bare, output, position, motions) : this.stop(bare, output);
      }),
    );
  }

  /** The output with its tangents. */
  move(bare: Instruction, output: Tensor, position: number, motions: readonly (Motion | null)[]): Tensor {
    const isActive = (input: number): boolean => motions[input] !== null;
    const count = Math.max(...motions.map((motion) => motion?.tangents.length ?? 0));
    const lists = Array.from({ length: count }, (_, j) => motions.map((motion) => motion?.tangents[j] ?? null));
    const maps = linearizeInstruction(bare, output, isActive, this.chooser, position, lists);
    if (bare.primitive.kink?.type !== "jump" && maps.some((map, input) => isActive(input) && map === null))
      throw cutError(this.where, bare);
    const map = joint(maps);
    const poison = poisonOf(bare, maps);
    const pushed = lists.map((tangents): Maybe => {
      const [dy = null] = map.jvp(tangents);
      return dy && poison ? add(dy, poison) : dy;
    });
    const followed = this.follow(output, pushed);
    if (this.tape && this.isOwn(followed)) {
      const sources = motions.map((motion) => motion?.slot ?? -1);
      this.tape.entries.push({ sources, targets: [followed.content.slot], map, site: bare.site });
    }
    return followed;
  }

  /** An output without derivative: the instruction must say where it jumps, or be a statement that does not. */
  stop(bare: Instruction, output: Tensor): Tensor {
    const { kink, statement } = bare.primitive;
    if (kink || statement) return output;
    throw cutError(this.where, bare);
  }

  watch({ primitive, inputs, params, site }: Instruction, position: number, kink: Branches<unknown>): void {
    const present = kink.present?.(inputs, params) ?? null;
    const branches = kink.branches(inputs, params);
    if (!branches[0] || !isReal(branches[0].dtype)) return;
    const { name } = primitive;
    const order = kink.order(params);
    const source = { name, site, position, type: "jump", order, along: kink.along, masked: present !== null } as const;
    this.jumps.push({ source, tensors: present ? [...branches, present] : branches });
  }

  /** A function that is computed again for its derivative is run here; one with a derivative of its own is refused. */
  call({ operation, inputs, site }: Call): readonly Tensor[] {
    const moves = inputs.some((x) => this.isOwn(x));
    if (!moves) return this.outer.call({ operation, inputs, site });
    if (operation.isCustom) throw customError(this.where, site);
    return within(this, () => atSite(site, () => operation.run(inputs)));
  }

  isTrue(condition: Tensor): boolean {
    return this.outer.isTrue(this.primalOf(condition));
  }
}

/**
 * 0 where the slopes of a scalar function are finite, NaN where one is not: added to a tangent it tells what a product
 * with a tangent 0 would hide, and `where` leaves it out like everything else of a branch not taken. What also works on
 * integers has polynomial slopes, which are finite.
 */
function poisonOf({ primitive, inputs, params }: Instruction, maps: readonly (LinearMap | null)[]): Maybe {
  const statement = primitive.statement?.(params);
  if (!statement || statement.on !== undefined) return null;
  return maps.reduce<Maybe>((total, map, input) => {
    if (!map) return total;
    const { shape, dtype } = inputs[input] as Tensor;
    const poison = mul(map.jvp(ones(shape, { dtype })), 0);
    return total ? add(total, poison) : poison;
  }, null);
}
