#!/usr/bin/env node
/** The command `nonsmooth`: results on standard output, everything else on standard error. */
import { runCommand } from "./program.ts";

process.exitCode = await runCommand(process.argv.slice(2), {
  write: (text) => process.stdout.write(text),
  warn: (text) => process.stderr.write(text),
  // False when piped, and where NO_COLOR or a terminal of few abilities asks for plain text.
  colours: process.stdout.isTTY && process.stdout.hasColors(),
});
