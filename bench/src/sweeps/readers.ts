/** More readers of parameters: texts, conditions, and what may be absent. */
import type { Read } from "./parameters.ts";

/** Any text but the empty one. */
export const text: Read<string> = (value) =>
  typeof value === "string" && value !== "" ? { ok: value } : { expected: "a text" };

/** True or false. */
export const yesNo: Read<boolean> = (value) =>
  typeof value === "boolean" ? { ok: value } : { expected: "true or false" };

/** Null, or what another reader reads. */
export const orNull =
  <T>(read: Read<T>): Read<T | null> =>
  (value) => {
    if (value === null) return { ok: null };
    const found = read(value);
    return "ok" in found ? found : { expected: `${found.expected}, or null` };
  };
