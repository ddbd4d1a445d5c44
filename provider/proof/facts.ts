import { hasJoinedGossip } from "../engine/gossip";
import { isCode } from "../errors";
import { settleAll } from "../settleAll";
import { type Forwarding, forwardingOn } from "./forwarding";
import { asking } from "./hostLost";
import type { Mesh } from "./mesh";
import type { Member } from "./survey";

/** What a host's engine has of a network and of its gossip. */
export interface Facts {
  member: Member;
  /** The address that the engine advertises, where the others send packets for its containers. */
  tunnel: string;
  hasGossip: boolean;
  /** Undefined where there is no namespace of the network, or it cannot be looked into without root. */
  forwarding: Forwarding | undefined;
  /** Why it could not be looked into. */
  blind?: string;
}

/** Of several hosts, by their ids. */
export async function factsOfAll(mesh: Mesh, ids: readonly string[]): Promise<Map<string, Facts>> {
  return new Map(await settleAll(ids.map(async (id) => [id, await factsOf(mesh, id)] as const)));
}

export function factsOf(mesh: Mesh, id: string): Promise<Facts> {
  const member = mesh.member(id);
  return asking(id, () => lookAt(member, mesh.network.id));
}

async function lookAt(member: Member, networkId: string): Promise<Facts> {
  const [gossip, entries] = await Promise.all([gossipOf(member), entriesOf(member, networkId)]);
  return { member, ...gossip, ...entries };
}

async function gossipOf({ host, docker }: Member): Promise<Pick<Facts, "tunnel" | "hasGossip">> {
  const { ClusterAdvertise = "" } = await docker.engine.info();
  const tunnel = ClusterAdvertise.replace(/:\d+$/, "");
  return { tunnel, hasGossip: await hasJoinedGossip(host, tunnel) };
}

async function entriesOf(member: Member, networkId: string): Promise<Pick<Facts, "forwarding" | "blind">> {
  try {
    return { forwarding: await forwardingOn(member, networkId) };
  } catch (error) {
    if (!isCode(error, "no-permission", "command-failed")) throw error;
    return { forwarding: undefined, blind: (error as Error).message };
  }
}
