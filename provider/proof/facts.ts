import { hasJoinedGossip } from "../engine/gossip";
import { isCode } from "../errors";
import { settleAll } from "../settleAll";
import { type Forwarding, forwardingOn } from "./forwarding";
import { asking } from "./hostLost";
import type { Mesh } from "./mesh";
import type { Member } from "./survey";

/** What a host's engine has of a network. */
export interface Entries {
  member: Member;
  /** The address that the engine advertises, where the others send packets for its containers. */
  tunnel: string;
  /** Undefined where there is no namespace of the network, or it cannot be looked into without root. */
  forwarding: Forwarding | undefined;
  /** Why it could not be looked into. */
  blind?: string;
}

/** What it has of its gossip, too. */
export interface Facts extends Entries {
  hasGossip: boolean;
}

/** Of several hosts, by their ids. */
export async function factsOfAll(mesh: Mesh, ids: readonly string[]): Promise<Map<string, Facts>> {
  return new Map(await settleAll(ids.map(async (id) => [id, await factsOf(mesh, id)] as const)));
}

export function factsOf(mesh: Mesh, id: string): Promise<Facts> {
  const member = mesh.roster.member(id);
  return asking(id, () => lookAt(member, mesh.network.id));
}

/** Of several hosts, by their ids, whose engines' addresses are known. */
export async function entriesOfAll(mesh: Mesh, tunnels: ReadonlyMap<string, string>): Promise<Map<string, Entries>> {
  const found = [...tunnels].map(async ([id, tunnel]) => {
    const member = mesh.roster.member(id);
    return [id, { member, tunnel, ...(await asking(id, () => entriesOf(member, mesh.network.id))) }] as const;
  });
  return new Map(await settleAll(found));
}

async function lookAt(member: Member, networkId: string): Promise<Facts> {
  const [gossip, entries] = await Promise.all([gossipOf(member), entriesOf(member, networkId)]);
  return { member, ...gossip, ...entries };
}

async function gossipOf(member: Member): Promise<Pick<Facts, "tunnel" | "hasGossip">> {
  const tunnel = await tunnelOf(member);
  return { tunnel, hasGossip: await hasJoinedGossip(member.host, tunnel) };
}

/** The address that an engine advertises. */
export async function tunnelOf({ docker }: Pick<Member, "docker">): Promise<string> {
  const { ClusterAdvertise = "" } = await docker.engine.info();
  return ClusterAdvertise.replace(/:\d+$/, "");
}

async function entriesOf(member: Member, networkId: string): Promise<Pick<Entries, "forwarding" | "blind">> {
  try {
    return { forwarding: await forwardingOn(member, networkId) };
  } catch (error) {
    if (!isCode(error, "no-permission", "command-failed")) throw error;
    return { forwarding: undefined, blind: (error as Error).message };
  }
}
