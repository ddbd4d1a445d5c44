import type { Mesh } from "./mesh";
import type { Way } from "./ways";

/** One dead way, in words. */
export function summary({ network }: Mesh, { from, by, to }: Way): string {
  return `${from}: ${by.name} gets no answer from ${to.name} (${to.address}, host ${to.host}) on "${network.name}"`;
}
