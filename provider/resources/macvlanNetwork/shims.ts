import { hasShim, makeShim, removeShim, type Shim, shimLink } from "../../engine/shim";
import type { Task } from "../../lifecycle";
import type { HostFacts } from "./facts";
import type { HostPlan, MacvlanNetworkInputs } from "./inputs";
import { SHIM } from "./planHosts";

/** The shim that the plan has for a host; none where the block had no address left for one. */
export function shimOf({ owner, name, hostAccess }: MacvlanNetworkInputs, plan: HostPlan): Shim | undefined {
  const ways = [
    { address: plan.auxAddress?.[SHIM[4]], block: plan.ipRange },
    { address: plan.auxAddress?.[SHIM[6]], block: plan.ipv6Range },
  ].filter(({ address }) => address !== undefined);
  if (!hostAccess || ways.length === 0) return undefined;
  return {
    ...{ owner, network: name, parent: plan.parent },
    addresses: ways.map(({ address }) => address!),
    blocks: ways.map(({ block }) => block!),
  };
}

/** Whether there may ever have been one: the address stays reserved when it is turned off. */
export function mayHaveShim({ auxAddress = {} }: HostPlan): boolean {
  return Object.values(SHIM).some((name) => name in auxAddress);
}

/** Makes the host's shim, or takes one away that is no longer wanted. */
export async function reconcileShim(inputs: MacvlanNetworkInputs, facts: HostFacts, { run }: Task): Promise<void> {
  const { id, host, links, plan, ipCommand, shimUnit } = facts;
  const shim = shimOf(inputs, plan);
  if (!shim) {
    if (!mayHaveShim(plan)) return;
    await removeShim(host, { owner: inputs.owner, network: inputs.name });
    return;
  }
  const link = shimLink(inputs.name);
  const hasLink = links.some(({ name, isUp }) => name === link && isUp);
  if (hasShim(shim, shimUnit, ipCommand, hasLink)) return;
  run.progress(id, `making ${link}, the host's own way to its containers on "${inputs.name}"`);
  await makeShim(host, shim, ipCommand);
}
