/** Runs before every test file: one seed and one number of cases for all properties. */
import fc from "fast-check";
import { numRuns, seed } from "./seed.ts";

fc.configureGlobal({ seed, numRuns });
