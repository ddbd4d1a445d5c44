import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import type { Network } from "../../docker/types";
import { type HostLinks, hostLinks } from "../../engine/links";
import { readShimUnit } from "../../engine/shim";
import type { Connection } from "../../ssh/connection";
import type { Host } from "../../ssh/host";
import type { Reached } from "../shared/reachable";
import type { LanDriver } from "./driver";
import type { HostPlan, MacvlanNetworkInputs } from "./inputs";
import { planDrift } from "./planDrift";

/** One host, and what is on it, before anything is touched there. */
export interface HostFacts extends HostLinks {
  /** The host's id. */
  id: string;
  plan: HostPlan;
  connection: Connection;
  host: Host;
  docker: DockerApi;
  /** The network of that name, whosever it is. */
  network: Network | undefined;
  /** Whether a refresh found its parent gone. */
  wasDead: boolean;
  /** The shim's unit, whosever it is; asked for only where there is to be one. */
  shimUnit: string | undefined;
}

/** How a plan's drift says that the link is gone on which a network stands. */
export function parentGone(parent: string): string {
  return `its parent ${parent} is gone`;
}

export async function gatherFacts(
  driver: LanDriver,
  { name, hostAccess }: MacvlanNetworkInputs,
  id: string,
  plan: HostPlan,
  { connection, host, docker, old }: Reached & { connection: Connection; old: HostPlan | undefined },
): Promise<HostFacts> {
  const [links, network, shimUnit] = await Promise.all([
    hostLinks(host, [driver.name, ...(taggedParent(plan.parent) ? (["vlan"] as const) : [])]),
    unlessNotFound(docker.networks.inspect(name)),
    hostAccess ? readShimUnit(host, name) : undefined,
  ]);
  const wasDead = old?.drift !== undefined && old.drift === parentGone(old.parent);
  return { ...links, id, plan, connection, host, docker, network, wasDead, shimUnit };
}

/** `eth0.10` as Docker reads it: the interface and the VLAN it makes a link for. */
export function taggedParent(parent: string): { base: string; vlan: number } | undefined {
  const [, base, vlan] = /^([^.]+)\.(\d+)$/.exec(parent) ?? [];
  return base === undefined ? undefined : { base, vlan: Number(vlan) };
}

/**
 * Whether Docker lists the network though the link it stands on is gone. An engine that starts without the link does not
 * let anything join that network any more, also when the link is back: what was found so once is made anew.
 */
export function isDead({ network, links, plan, wasDead }: Dying): boolean {
  const parent = network?.Options?.parent ?? plan.parent;
  return network !== undefined && (wasDead || !links.some(({ name }) => name === parent));
}

/** Why a network of ours that is there has to be made anew; undefined where it need not be. */
export function faultOf(facts: Dying): string | undefined {
  const drift = facts.network && planDrift(facts.plan, facts.network);
  if (drift !== undefined) return `since ${drift}`;
  return isDead(facts) ? `whose parent ${facts.plan.parent} was gone` : undefined;
}

type Dying = Pick<HostFacts, "network" | "links" | "plan" | "wasDead">;
