/** The machines that a run may choose, by name. */
import { type Machine, reference } from "@nonsmooth/ad-core";

export type MachineName = "reference";

const machines: Readonly<Record<MachineName, () => Machine>> = { reference };

export const machineNames = Object.keys(machines) as readonly MachineName[];

export const machineOf = (name: MachineName): Machine => machines[name]();
