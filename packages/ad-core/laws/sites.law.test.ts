/**
 * Law: a selection by site changes the derivative at that site and at no other; the longest matching site decides, then
 * the name, then the default. Source: definition.
 */
import {
  add,
  atKink,
  atSite,
  checkpoint,
  first,
  grad,
  jvp,
  mul,
  relu,
  type Select,
  sum,
  type Tensor,
  tensor,
} from "@nonsmooth/ad-core";
import { fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";

const places = ["", "a", "b", "a/b", "a/a", "b/a", "a/b/a"] as const;
const keys = ["relu", ...places.filter((place) => place !== "").map((place) => `relu@${place}`)];

/** A site is entered part by part, the last part through the option of the operation. */
function reluAt(place: string, x: Tensor): Tensor {
  const parts = place === "" ? [] : place.split("/");
  const [site] = parts.slice(-1);
  const inside = (): Tensor => relu(x, site === undefined ? {} : { site });
  return parts.slice(0, -1).reduceRight((body: () => Tensor, name) => () => atSite(name, body), inside)();
}

const weights = places.map((_, i) => i + 1);

/** One relu at each place, each with its own input and weight. */
const everywhere = (...x: Tensor[]): Tensor =>
  places.map((place, i) => mul(weights[i] as number, reluAt(place, x[i] as Tensor))).reduce((a, b) => add(a, b));

/** What the table says of a place: the longest prefix that is named, else the name, else the default. */
function expected(select: Readonly<Record<string, number>>, place: string): number {
  const parts = place === "" ? [] : place.split("/");
  const prefixes = parts.map((_, i) => `relu@${parts.slice(0, parts.length - i).join("/")}`);
  const key = [...prefixes, "relu"].find((name) => Object.hasOwn(select, name));
  return key === undefined ? 0 : (select[key] as number);
}

const tables = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(-1, 0.25, 0.5, 1, 3));
const zeros = places.map(() => tensor(0));
const wrt = places.map((_, i) => i);

const choices = (table: Readonly<Record<string, number>>): Select =>
  Object.fromEntries(Object.entries(table).map(([key, s]) => [key, atKink(s)]));

test("each place follows the longest matching site, then the name, then the default", () => {
  fc.assert(
    fc.property(tables, (table) => {
      const gradients = grad(everywhere, { wrt, select: choices(table) })(...zeros) as Tensor[];
      const found = gradients.map((g) => g.data[0]);
      expect(found).toEqual(places.map((place, i) => (weights[i] as number) * expected(table, place)));
    }),
  );
});

test("forward mode and checkpoints see the same sites", () => {
  fc.assert(
    fc.property(tables, (table) => {
      const select = choices(table);
      const total = places.reduce((sum, place, i) => sum + (weights[i] as number) * expected(table, place), 0);
      const tangents = zeros.map(() => tensor(1));
      expect(jvp(everywhere, zeros, tangents, { select })[1].data[0]).toBe(total);
      const kept = (...x: Tensor[]): Tensor => checkpoint(everywhere)(...x);
      const gradients = grad(kept, { wrt, select })(...zeros) as Tensor[];
      expect(gradients.reduce((sum, g) => sum + (g.data[0] as number), 0)).toBe(total);
    }),
  );
});

test("changing the choice at one site changes the derivative there only", () => {
  fc.assert(
    fc.property(fc.constantFrom("a/b/a", "a/a", "b/a"), fc.constantFrom(-1, 0.5, 2), (place, s) => {
      const gradient = (select: Select): Tensor[] => grad(everywhere, { wrt, select })(...zeros) as Tensor[];
      const [before, after] = [gradient({ relu: first }), gradient({ relu: first, [`relu@${place}`]: atKink(s) })];
      const changed = places.filter((_, i) => before[i]?.data[0] !== after[i]?.data[0]);
      expect(changed).toEqual([place]);
    }),
  );
});

test("a site names all elements of a tensor", () => {
  const f = (x: Tensor): Tensor => sum(add(relu(x, { site: "here" }), relu(x)));
  const gradient = grad(f, { select: { "relu@here": atKink(0.5) } })(tensor([0, 0, 1]));
  expect([...gradient.data]).toEqual([0.5, 0.5, 2]);
});
