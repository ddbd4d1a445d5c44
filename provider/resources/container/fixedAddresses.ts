import type { RunContext } from "../../run/context";
import { hasUnknown } from "../../unknown";
import type { Failures } from "../shared/failures";
import type { ContainerInputs } from "./inputs";

/**
 * On a LAN over many hosts an engine takes any address of the subnet, also one that it or another engine may have handed
 * out by then, or that another container of the program has.
 */
export function checkFixedAddresses(
  { owner, name, networksAdvanced, start }: Partial<ContainerInputs>,
  host: string,
  { lans }: RunContext,
  failures: Failures,
): void {
  if (!Array.isArray(networksAdvanced)) return;
  networksAdvanced.forEach((attachment, i) => {
    for (const property of ["ipv4Address", "ipv6Address"] as const) {
      const address = attachment?.[property];
      if (address === undefined || hasUnknown([attachment.name, address, host])) continue;
      // One that is not started is a stand-in, and has no address until it is.
      const isHeld = start !== false;
      const fixed = { owner: String(owner), name: String(name), host, network: attachment.name, address };
      const expectation = lans.expectationOf(fixed, isHeld);
      if (expectation !== undefined) failures.expected(`networksAdvanced[${i}].${property}`, expectation, address);
    }
  });
}
