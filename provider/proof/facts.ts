import { hasJoinedGossip } from "../engine/gossip";
import { isCode } from "../errors";
import { type Forwarding, forwardingOn } from "./forwarding";
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

export async function factsOf(mesh: Mesh, id: string): Promise<Facts> {
  const member = mesh.member(id)!;
  const { ClusterAdvertise = "" } = await member.docker.engine.info();
  const tunnel = ClusterAdvertise.replace(/:\d+$/, "");
  const hasGossip = await hasJoinedGossip(member.host, tunnel);
  try {
    return { member, tunnel, hasGossip, forwarding: await forwardingOn(member, mesh.network.id) };
  } catch (error) {
    if (!isCode(error, "no-permission", "command-failed")) throw error;
    return { member, tunnel, hasGossip, forwarding: undefined, blind: (error as Error).message };
  }
}
