import type { RunContext } from "../../run/context";
import type { Failures } from "./failures";
import { subnetsOf } from "./ipam";

/** A network's inputs, as far as they say which subnets it wants; in a preview some may not be known yet. */
interface Claiming {
  owner?: string;
  name?: string;
  ipamConfigs?: readonly { subnet: string }[];
}

/** Two networks that a container of one host can be on must not have the same addresses. */
export function checkOthersSubnets(
  { owner, name, ipamConfigs }: Claiming,
  hosts: string[],
  run: RunContext,
  failures: Failures,
): void {
  if (!Array.isArray(hosts) || owner === undefined) return;
  const subnets = subnetsOf(ipamConfigs);
  for (const { index, other, subnet } of run.subnets.enter({ owner, name: String(name), hosts, subnets })) {
    failures.expected(
      `ipamConfigs[${index}].subnet`,
      `not to overlap ${subnet} of the network "${other}" on the same hosts`,
      ipamConfigs?.[index]?.subnet,
    );
  }
}
