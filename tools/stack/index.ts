export { makeProgram, ROOT } from "./program";
export { PulumiStack, type StackOptions, type StackRun, type VerbOptions } from "./stack";
export type { Step } from "./steps";
export { configureTwoHosts, lanOf } from "./twoHosts";
