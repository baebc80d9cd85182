import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { commanded } from "./commanded.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nonsmooth-clarke-"));
  // The tests use the generated digits, wherever they run.
  vi.stubEnv("NONSMOOTH_DATA", "");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

/** A program of a user's with one argument. */
function written(body: string, at: string): string {
  const path = join(folder, "mine.ts");
  const names = "abs, add, neg, relu, sign, sub, sum, tensor, type Tensor";
  writeFileSync(
    path,
    `import { ${names} } from "@nonsmooth/ad-core";\nexport const f = (x: Tensor): Tensor => ${body};\nexport const inputs = [tensor(${at})];\n`,
  );
  return path;
}

const identity = "sum(sub(relu(x, { site: 'up' }), relu(neg(x), { site: 'down' })))";

test("x written with two relus: backpropagation answers 0, and every direction finds 1", async () => {
  const { code, written: text } = await commanded("clarke", written(identity, "[0]"));
  expect(code).toBe(0);
  const rows = text.split("\n").map((line) => line.trim().split(/ {2,}/));
  expect(rows.filter(([name]) => name?.startsWith("element, seed")).map(([, gradient]) => gradient)).toEqual(
    Array(3).fill("[1]"),
  );
  expect(rows.find(([name]) => name === "backpropagation")?.[1]).toBe("[0]");
  expect(text).toContain("none of the 3 elements that were found, all of them one vector");
  expect(text).toContain("tie: relu@up (instruction 0), 1 place");
});

test("another selection answers otherwise: with half of each branch it is right", async () => {
  const path = written(identity, "[0]");
  const { written: text } = await commanded("clarke", path, "--select", "relu=kink:0.5", "--json");
  const { schema, backpropagation, same, different, elements } = JSON.parse(text);
  expect([schema, backpropagation.gradient, same, different]).toEqual(["nonsmooth.clarke/2", [1], [1, 2, 3], 1]);
  for (const { slope, predicted, certificate } of elements) {
    expect(predicted).toBe(slope);
    expect(certificate).toMatchObject({ arithmetic: "exact", claim: "an element of the Clarke subdifferential" });
  }
});

test("many elements of a corner are found, from the seed that is asked for", async () => {
  const { written: text } = await commanded(
    "clarke",
    written("sum(abs(x))", "[0, 0]"),
    "--elements",
    "40",
    "--seed",
    "5",
    "--json",
  );
  const { elements, different, entries } = JSON.parse(text);
  expect([entries, different, elements[0].seed]).toEqual([2, 4, 5]);
  for (const { gradient, distance } of elements) {
    expect(gradient.map(Math.abs)).toEqual([1, 1]);
    expect(distance).toBe(Math.SQRT2);
  }
});

test("--at is the point, --direction asks for slopes, and the whole set is listed with a verdict", async () => {
  const path = written("abs(sub(sum(abs(x)), 1))", "[5, 5]");
  const { written: text } = await commanded("clarke", path, "--at", "0,0", "--direction", "1,-1", "--direction", "1");
  expect(text).toContain("at [0, 0]: value 1");
  expect(text).toContain("limits of gradients: 4, all of them (exact");
  expect(text).toMatch(/\[1, -1\] +-2 +0\n +\[1, 1\] +-2 +0\n/);
  expect(text).toContain("backpropagation's answer is an element of the Clarke subdifferential (exact)");
  expect(text).toMatch(/it is 0\.5 \[.*\] \+ 0\.5 \[.*\]/);
});

test("an answer that is no element comes with a direction, and the element of least norm stands beside it", async () => {
  const { written: text } = await commanded("clarke", written(identity, "[0]"));
  expect(text).toContain("backpropagation's answer is no element of the Clarke subdifferential (exact)");
  expect(text).toContain("along [-1] it is larger than every element, by 1");
  expect(text).toContain("element of least norm: [1], norm 1");
});

test("--svg draws gradients of two entries, and refuses others", async () => {
  const svg = join(folder, "set.svg");
  const { code } = await commanded("clarke", written("sum(abs(x))", "[0, 0]"), "--svg", svg);
  expect(code).toBe(0);
  const drawn = readFileSync(svg, "utf8");
  expect(drawn.match(/<circle [^>]*r="4"/g)).toHaveLength(5); // four limits and the legend
  expect(drawn).toContain("Clarke subdifferential");
  const refused = await commanded("clarke", written("sum(abs(x))", "[0, 0, 0]"), "--svg", svg);
  expect([refused.code, refused.warned]).toEqual([2, expect.stringContaining("3 entries")]);
});

test("--limit 0 searches nothing, a small one says what is missing", async () => {
  const path = written("sum(abs(x))", "[0, 0, 0, 0]");
  expect(JSON.parse((await commanded("clarke", path, "--limit", "0", "--json")).written).set).toBeNull();
  const { limits, membership } = JSON.parse((await commanded("clarke", path, "--limit", "5", "--json")).written).set;
  expect([limits.complete, limits.reason, membership.verdict]).toEqual([false, "limit", "undecided"]);
});

test("a point of another size is refused", async () => {
  const { code, warned } = await commanded("clarke", written("sum(abs(x))", "[0, 0]"), "--at", "1,2,3");
  expect([code, warned]).toEqual([2, expect.stringContaining("2 numbers")]);
  expect((await commanded("clarke", written("sum(abs(x))", "[0]"), "--at", "1,x")).code).toBe(2);
});

test("LeNet-5 keeps to its weights, and says at how many places its windows tie", async () => {
  const { written: text } = await commanded(
    "clarke",
    "lenet5",
    "--batch",
    "1",
    "--elements",
    "1",
    "--limit",
    "0",
    "--json",
  );
  const { entries, elements, backpropagation } = JSON.parse(text);
  expect([entries, backpropagation.gradient, elements[0].gradient]).toEqual([44_426, null, null]);
  expect(elements[0].certificate.locked.map(({ name }: { name: string }) => name)).toContain("maxPool2d");
});

test("a point without ties says so", async () => {
  const { written: text } = await commanded("clarke", written("sum(abs(x))", "[1, -2]"));
  expect(text).toContain("no branches tie here");
  expect(text).toContain("backpropagation's answer is the element of seed 1, 2, 3");
});

test("what has no such derivative is refused with the name of the instruction", async () => {
  const { code, warned } = await commanded("clarke", written("sum(sign(x))", "[0]"));
  expect([code, warned]).toEqual([2, expect.stringContaining("sign")]);
  for (const bad of [
    ["--elements", "0"],
    ["--tolerance", "-1"],
    ["--elements", "2000"],
  ])
    expect((await commanded("clarke", "speelpenning", ...bad)).code).toBe(2);
});
