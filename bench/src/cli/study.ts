/** `nonsmooth study`: what the papers say, tried out. Each study is a command of its own. */
import { Command } from "commander";
import type { Output } from "./output.ts";
import { build as directional } from "./studyDirectional.ts";
import { build as park } from "./studyPark.ts";
import { build as sat } from "./studySat.ts";
import { buildStudyMaxpool as maxpool, buildStudyRelu as relu } from "./studyTraining.ts";
import { buildStudyTraps as traps } from "./studyTraps.ts";

/** The command. */
export function build(output: Output): Command {
  const command = new Command("study").description("Studies of what papers say about derivatives at kinks.");
  for (const study of [directional, sat, park, traps, maxpool, relu]) command.addCommand(study(output));
  return command;
}
