import { expect, test } from "vitest";
import { canonicalJson } from "./canonicalJson.ts";
import { idOf } from "./job.ts";
import { checkManifest, manifestOf } from "./manifest.ts";
import { readParameters, whole } from "./parameters.ts";

test("equal data have one text", () => {
  expect(canonicalJson({ b: [1, null, "x"], a: { d: true, c: -0.5 } })).toBe(
    '{"a":{"c":-0.5,"d":true},"b":[1,null,"x"]}',
  );
});

test.each([
  ["a.b is not JSON", { b: Number.NaN }],
  ["a.b is not JSON", { b: undefined }],
  ["a[1] is not JSON", [1, Infinity]],
  ["a is not JSON", new Float64Array(1)],
  ["a is not JSON", () => 1],
])("what JSON would change is refused: %s", (message, value) => {
  expect(() => canonicalJson(value, "a")).toThrow(message);
});

test("the id of a job is pinned, and does not depend on the order of its parameters", () => {
  expect(idOf({ kind: "k", parameters: { a: 1, b: "x" } })).toBe("971d736f412e50b0");
  expect(idOf({ kind: "k", parameters: { b: "x", a: 1 } })).toBe(idOf({ kind: "k", parameters: { a: 1, b: "x" } }));
  expect(idOf({ kind: "k", parameters: { a: 1 } })).not.toBe(idOf({ kind: "l", parameters: { a: 1 } }));
});

const job = { kind: "k", parameters: { a: 1 } };

test.each([
  ["another schema", { schema: "x" }],
  ["no study", { ...manifestOf("s", [job]), study: "" }],
  ["no jobs", { ...manifestOf("s", [job]), jobs: [] }],
  ["not a job", { ...manifestOf("s", [job]), jobs: [{ kind: "k" }] }],
  ["parameters are nested", { ...manifestOf("s", [job]), jobs: [{ kind: "k", parameters: { a: [1] } }] }],
  ["a job comes twice", { ...manifestOf("s", [job]), jobs: [job, job] }],
])("a manifest is checked: %s", (message, data) => {
  expect(() => checkManifest(data, "m.json")).toThrow(`m.json: ${message}`);
});

test("parameters are all read, and there are no others", () => {
  const readers = { seed: whole(0) };
  expect(readParameters("k", { seed: 3 }, readers)).toEqual({ seed: 3 });
  expect(() => readParameters("k", {}, readers)).toThrow(
    "bad parameter seed: expected a whole number of at least 0, got nothing",
  );
  expect(() => readParameters("k", { seed: 1, sed: 2 }, readers)).toThrow("bad parameter sed");
});
