import type { Mesh, Way } from "./mesh";

/** One dead way, in words. */
export function summary({ network }: Mesh, { from, by, to }: Way): string {
  return `${from}: ${by.name} gets no answer from ${to.name} (${to.address}, host ${to.host}) on "${network.name}"`;
}
