/** Event files of TensorBoard: scalars by step, written while a run goes on. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordOf } from "./records.ts";

/** An event file of TensorBoard that is appended to. */
export class EventFile {
  readonly path: string;
  private readonly now: () => number;

  private constructor(path: string, now: () => number) {
    this.path = path;
    this.now = now;
  }

  /**
   * Creates the folder's file for a run that starts, or starts again, after so many steps.
   *
   * The second record says that a session starts: by it TensorBoard forgets what earlier files tell of the steps that
   * will be made again. The first session says so too, since TensorBoard takes only later ones for a restart; its
   * faster loader forgets a scalar's steps when the first of them comes again. A file of the same name is replaced, in
   * place: every file with `tfevents` in its name is read, so a temporary one would be taken for a part of the run.
   *
   * @param now - seconds since 1970
   */
  static begin(folder: string, step: number, now: () => number): EventFile {
    const file = new EventFile(join(folder, nameOf(step)), now);
    const version = event(now(), text(3, "brain.Event:2"));
    const session = event(now(), integer(2, step + 1), message(7, integer(1, start)));
    mkdirSync(folder, { recursive: true });
    writeFileSync(file.path, Buffer.concat([version, session]));
    return file;
  }

  /** Appends a scalar by each name, all in one record. Numbers are rounded to 32 bits; NaN and infinity stay. */
  scalars(step: number, values: Readonly<Record<string, number>>): void {
    const summary = Object.entries(values).map(([tag, value]) => message(1, text(1, tag), float(2, value)));
    appendFileSync(this.path, event(this.now(), integer(2, step), message(5, ...summary)));
  }
}

/** The status of a session that starts. */
const start = 1;

/** Names in the order of their steps, in which TensorBoard reads the files of a folder. */
const nameOf = (step: number): string => `events.out.tfevents.${String(step).padStart(10, "0")}.nonsmooth`;

const event = (time: number, ...fields: Uint8Array[]): Uint8Array =>
  recordOf(Buffer.concat([double(1, time), ...fields]));

// Fields of Protocol Buffers: the number of the field and the kind of its bytes, and these.

const kinds = { integer: 0, double: 1, bytes: 2, float: 5 };

const field = (number: number, kind: keyof typeof kinds, bytes: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.of(number * 8 + kinds[kind]), bytes]);

const integer = (number: number, value: number): Uint8Array => field(number, "integer", digits(value));

function double(number: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return field(number, "double", bytes);
}

function float(number: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return field(number, "float", bytes);
}

const message = (number: number, ...fields: Uint8Array[]): Uint8Array => {
  const bytes = Buffer.concat(fields);
  return field(number, "bytes", Buffer.concat([digits(bytes.length), bytes]));
};

const text = (number: number, letters: string): Uint8Array => message(number, Buffer.from(letters));

/** A whole number, 7 bits in each byte, the lowest first; by division, since shifts end at 32 bits. */
function digits(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}
