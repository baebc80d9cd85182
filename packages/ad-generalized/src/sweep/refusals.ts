// What has no honest derivative, and what to do about it.
import { AdError, type Instruction } from "@nonsmooth/ad-core";

/** An instruction as it is called in sentences: name and site. */
const placeName = ({ name, site }: { readonly name: string; readonly site: string }): string =>
  site === "" ? name : `${name}@${site}`;

/** An instruction, in the details of an error. */
interface Spot {
  readonly name: string;
  readonly site: string;
  readonly position: number;
}

/** The value moves, and the operation says that it does not. */
export function cutError(where: string, { primitive: { name }, site }: Instruction): AdError {
  return new AdError({
    code: "unsupported",
    where,
    problem: `${placeName({ name, site })} keeps its value and cuts its derivative`,
    expected: "operations whose derivative is that of their value",
    got: name,
    remedy: "leave it out, or pass what it makes as an argument of its own",
    details: { name, site },
  });
}

/** A derivative of the user's own is a claim, which nothing here can check. */
export function customError(where: string, site: string): AdError {
  return new AdError({
    code: "unsupported",
    where,
    problem: `${placeName({ name: "customDerivative", site })} has a derivative of its own`,
    expected: "operations whose derivative is that of their value",
    got: "a rule that may say something else",
    remedy: "pass the function without customDerivative",
    details: { name: "customDerivative", site },
  });
}

/** The value is not continuous here. */
export function jumpError(where: string, spot: Spot, index: readonly number[]): AdError {
  return new AdError({
    code: "domain",
    where,
    problem: `${placeName(spot)} jumps here`,
    expected: "a point at which no instruction jumps",
    got: `equal numbers at [${index.join(", ")}]`,
    remedy: "write continuous functions with relu, abs, maximum or clamp, or move away from the jump",
    details: { ...spot, index },
  });
}

/** A smooth operation without derivative, or an overflow. */
export function infiniteError(where: string, spot: Spot | null, index: readonly number[]): AdError {
  return new AdError({
    code: "domain",
    where,
    problem: spot ? `${placeName(spot)} has no derivative here` : "a derivative is not finite",
    expected: "finite values and slopes",
    got: spot ? `a slope that is not finite at [${index.join(", ")}]` : "NaN or an infinite number",
    remedy: spot
      ? "move away from the point, or write norm2 or abs for a root of squares"
      : "scale the arguments, or use a wider dtype",
    details: { ...spot, index },
  });
}
