import type { Connection } from "../ssh/connection";
import { hostId } from "../ssh/hostId";
import { hasUnknown, isUnknown } from "../unknown";

/** A network as two kinds of resource name it: the one that makes it, and a container that joins it. */
interface Inputs {
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

  /** Enters a resource's inputs, not all of which need be known yet. */
  meet({ name, connection, connections, networksAdvanced }: Inputs): void {
    if (Array.isArray(connections)) for (const each of connections) this.enter(name, each);
    if (!Array.isArray(networksAdvanced)) return;
    for (const attachment of networksAdvanced) this.enter((attachment as { name?: unknown })?.name, connection);
  }

  /** Connections to the hosts of a network, one a host. */
  hostsOf(network: string): Connection[] {
    return [...(this.byNetwork.get(network)?.values() ?? [])];
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
