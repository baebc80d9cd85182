/** Event files, byte by byte. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EventFile } from "./eventFile.ts";
import { crc32c } from "./records.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nonsmooth-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const now = () => 1.5;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** What is in the records of a file, whose lengths must fill it. */
function contents({ path }: EventFile): string[] {
  const bytes = readFileSync(path);
  const found: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = Number(bytes.readBigUInt64LE(at));
    found.push(hex(bytes.subarray(at + 12, at + 12 + length)));
    at += length + 16;
  }
  expect(at).toBe(bytes.length);
  return found;
}

const time = "09000000000000f83f";
const version = `${time}1a0d${hex(Buffer.from("brain.Event:2"))}`;
const session = (step: string): string => `${time}10${step}3a020801`;

test("the checksum is CRC-32C", () => {
  expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array())).toBe(0);
});

test("a file is its version, its session, then its scalars, each record with its checksums", () => {
  const file = EventFile.begin(folder, 0, now);
  file.scalars(300, { a: 0.5 });
  expect(readdirSync(folder)).toEqual(["events.out.tfevents.0000000000.nonsmooth"]);
  const records = [
    ["1800000000000000", "a37f4b22", version, "2a28646c"],
    ["0f00000000000000", "6d532b09", session("01"), "2967c289"],
    ["1800000000000000", "a37f4b22", `${time}10ac022a0a0a080a0161150000003f`, "64076a3f"],
  ];
  expect(hex(readFileSync(file.path))).toBe(records.flat().join(""));
});

test("scalars of one step are one record; NaN and infinity are kept, and names may have any letters", () => {
  const file = EventFile.begin(folder, 0, now);
  file.scalars(0, { x: Number.NaN, é: Number.NEGATIVE_INFINITY });
  const values = ["0a080a0178150000c07f", "0a090a02c3a915000080ff"].join("");
  expect(contents(file)).toEqual([version, session("01"), `${time}10002a15${values}`]);
});

test.each([
  [127, "7f"],
  [128, "8001"],
  [2 ** 32 + 1, "8180808010"],
  [2 ** 53 - 1, "ffffffffffffff0f"],
])("step %d", (step, digits) => {
  const file = EventFile.begin(folder, 0, now);
  file.scalars(step, { a: 0 });
  expect(contents(file)[2]).toBe(`${time}10${digits}2a0a0a080a01611500000000`);
});

test("a long name needs a length of two bytes", () => {
  const file = EventFile.begin(folder, 0, now);
  file.scalars(1, { ["n".repeat(200)]: 1 });
  expect(contents(file)[2]).toBe(`${time}10012ad3010ad0010ac801${"6e".repeat(200)}150000803f`);
});

test("a run that starts again tells from which step on earlier files are to be forgotten", () => {
  EventFile.begin(folder, 0, now);
  const file = EventFile.begin(folder, 20, now);
  expect(readdirSync(folder)).toEqual([
    "events.out.tfevents.0000000000.nonsmooth",
    "events.out.tfevents.0000000020.nonsmooth",
  ]);
  expect(contents(file)).toEqual([version, session("15")]);
});

test("a file of the same name is replaced, in a folder that need not exist", () => {
  const deep = join(folder, "a", "b");
  EventFile.begin(deep, 7, now).scalars(8, { a: 1 });
  expect(contents(EventFile.begin(deep, 7, now))).toEqual([version, session("08")]);
});
