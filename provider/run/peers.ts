import type { Connection } from "../ssh/connection";
import { hostId } from "../ssh/hostId";
import { hasUnknown, isUnknown } from "../unknown";

/** A network as two kinds of resource name it: the one that makes it, and a container that joins it. */
interface Inputs {
  owner?: unknown;
  name?: unknown;
  connection?: unknown;
  connections?: unknown;
  networksAdvanced?: unknown;
}

/**
 * The hosts that a run has met, by the networks they are on: every check and every read enters its resource. What joins a
 * network is proven from and to the other hosts here; who comes later proves against those that came before.
 */
export class Peers {
  private readonly byNetwork = new Map<string, Map<string, Connection>>();
  /** The hosts that the resources which make networks name, by owner: two may be called the same, on different hosts. */
  private readonly makers = new Map<string, { network: string; hosts: Set<string> }>();

  /** Enters a resource's inputs, not all of which need be known yet. */
  meet({ owner, name, connection, connections, networksAdvanced }: Inputs): void {
    if (Array.isArray(connections)) {
      for (const each of connections) this.enter(name, each);
      const hosts = new Set(connections.filter(isConnection).map(hostId));
      if (typeof owner === "string" && typeof name === "string") this.makers.set(owner, { network: name, hosts });
    }
    if (!Array.isArray(networksAdvanced)) return;
    for (const attachment of networksAdvanced) this.enter((attachment as { name?: unknown })?.name, connection);
  }

  /**
   * Connections to the hosts of a network, one a host; with `from`, those of the network that this host is on, where
   * others are called the same.
   */
  hostsOf(network: string, from?: string): Connection[] {
    const found = [...(this.byNetwork.get(network)?.entries() ?? [])];
    const makers = [...this.makers.values()].filter((maker) => maker.network === network);
    const mine = makers.filter(({ hosts }) => from !== undefined && hosts.has(from));
    if (mine.length === 0) return found.map(([, connection]) => connection);
    const isElsewhere = (id: string) =>
      makers.some(({ hosts }) => hosts.has(id)) && !mine.some(({ hosts }) => hosts.has(id));
    return found.filter(([id]) => !isElsewhere(id)).map(([, connection]) => connection);
  }

  private enter(network: unknown, connection: unknown): void {
    if (typeof network !== "string" || isUnknown(network) || !isConnection(connection)) return;
    const hosts = this.byNetwork.get(network) ?? new Map<string, Connection>();
    hosts.set(hostId(connection), connection);
    this.byNetwork.set(network, hosts);
  }
}

function isConnection(value: unknown): value is Connection {
  const { host } = (value ?? {}) as Partial<Connection>;
  return typeof host === "string" && !hasUnknown(value);
}
