import type { Lab } from "../../lab";
import type { PulumiStack } from "./stack";

/** Gives the example of two hosts the lab: its hosts with their keys, its private key, and its LAN. */
export async function configureTwoHosts(stack: PulumiStack, lab: Lab): Promise<void> {
  const hosts = lab.hosts.flatMap(({ address, hostKey }, i) => [
    [`hosts[${i}].host`, address],
    [`hosts[${i}].hostKey`, hostKey],
  ]);
  const lan = Object.entries(lanOf(lab)).map(([key, value]) => [`lan.${key}`, value]);
  await stack.configAll(Object.fromEntries([...hosts, ...lan]));
  await stack.config("privateKey", lab.privateKey, { secret: true });
}

/** The LAN the lab's hosts are on, with a range for containers that holds no host's address. */
export function lanOf(lab: Lab): { subnet: string; gateway: string; ipRange: string } {
  const prefix = lab.host(1).address.split(".").slice(0, 3).join(".");
  return { subnet: `${prefix}.0/24`, gateway: `${prefix}.254`, ipRange: `${prefix}.64/26` };
}
