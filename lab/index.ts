export type { Suite } from "./debian";
export type { LabHost } from "./host";
export { Lab, type LabOptions } from "./lab";
export type { Ran } from "./run";
