import type { RunContext } from "../../run/context";
import { hasUnknown } from "../../unknown";
import type { Failures } from "../shared/failures";
import type { ContainerInputs } from "./inputs";

/** On a LAN over many hosts an engine takes any address of the subnet, also one that another engine hands out. */
export function checkFixedAddresses(
  { networksAdvanced }: Partial<ContainerInputs>,
  host: string,
  { lans }: RunContext,
  failures: Failures,
): void {
  if (!Array.isArray(networksAdvanced)) return;
  networksAdvanced.forEach((attachment, i) => {
    for (const property of ["ipv4Address", "ipv6Address"] as const) {
      const address = attachment?.[property];
      if (address === undefined || hasUnknown([attachment.name, address, host])) continue;
      const expectation = lans.expectationOf(attachment.name, host, address);
      if (expectation !== undefined) failures.expected(`networksAdvanced[${i}].${property}`, expectation, address);
    }
  });
}
