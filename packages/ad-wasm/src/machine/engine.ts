// Settings of the engine that runs this process: V8 has some that Node can change while it runs.

/** What `node:v8` offers. */
interface V8 {
  setFlagsFromString(flag: string): void;
}

/** What Node says about itself. */
interface Node {
  readonly arch: string;
  readonly versions: { readonly node?: string };
  getBuiltinModule?(name: string): V8 | undefined;
}

/** A host whose engine can be set. */
export interface Engine {
  /** Such as `24.1.0`. */
  readonly version: string;
  /** Such as `x64`. */
  readonly processor: string;
  /** Sets a flag of V8, for all code that it compiles from now on. */
  set(flag: string): void;
}

/** The engine of this process; null where it cannot be set, as in a browser. */
export function engine(): Engine | null {
  const { process } = globalThis as { process?: Node };
  const v8 = process?.getBuiltinModule?.("node:v8");
  const version = process?.versions.node;
  if (process === undefined || v8 === undefined || version === undefined) return null;
  return { version, processor: process.arch, set: (flag) => v8.setFlagsFromString(flag) };
}
