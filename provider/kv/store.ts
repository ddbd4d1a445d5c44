import type { Host } from "../ssh/host";
import { ConsulServer } from "./consul";
import type { Way } from "./dial";
import { DockerStore } from "./dockerStore";
import { EtcdServer } from "./etcd";
import type { Role, StoreServer } from "./server";
import type { StoreTls } from "./tls";
import { nodesPath, parseStoreUrl, type StoreKind } from "./url";
import { ZooKeeperServer } from "./zookeeper";

/** A network that engines keep in a store. */
export interface StoredNetwork {
  id: string;
  /** Its name, or its id where the store does not tell. */
  name: string;
}

/**
 * What the resources ask of a key-value store, whichever it is. A store that cannot be asked is `not-ready`, with the
 * reason; one that can never be a cluster's store is `unsupported`.
 */
export interface KeyValueStore {
  /** The server that leads the quorum, or undefined while there is none. Fails where the store cannot be asked. */
  leader(): Promise<string | undefined>;
  /** What the server that answers is to its quorum; for stores of one endpoint. */
  role(): Promise<Role | undefined>;
  /**
   * Writes, reads and deletes a key of its own; fails if what comes back is not what was written. It is read through
   * `reader`, another server of the same store, where one is given.
   */
  probe(reader?: KeyValueStore): Promise<void>;
  /** What is stored under a key. */
  read(key: string): Promise<string | undefined>;
  /** What is registered under `docker/nodes/`: one `<ip>:<port>` per engine. */
  nodes(): Promise<string[]>;
  /** Whether Docker keeps a network of this id there. */
  hasNetwork(id: string): Promise<boolean>;
  /** The networks Docker keeps there. */
  networks(): Promise<StoredNetwork[]>;
  /** Takes an engine's entry out of `docker/nodes/`. */
  forgetNode(node: string): Promise<void>;
  /** What Docker keeps there of an endpoint, as its JSON. */
  endpoint(networkId: string, id: string): Promise<string | undefined>;
  /** The ids of the endpoints that Docker keeps there of a network. */
  endpoints(networkId: string): Promise<string[]>;
  /** How many endpoints of a network Docker has counted there, as its JSON. */
  endpointCount(networkId: string): Promise<string | undefined>;
  /** Has the store count no endpoints of a network, unless it has counted on; answers whether it does. */
  resetEndpointCount(networkId: string, from: string): Promise<boolean>;
  /** Takes an endpoint out that no engine has. Its address, and the network's count of endpoints, stay as they are. */
  forgetEndpoint(networkId: string, id: string): Promise<void>;
}

const servers: Record<StoreKind, new (way: Way) => StoreServer> = {
  consul: ConsulServer,
  etcd: EtcdServer,
  zookeeper: ZooKeeperServer,
};

/** How a store is spoken to, beside its URL. */
export interface StoreAccess {
  /** The engine's options (`--cluster-store-opt`), of which those count that say where in the store things are. */
  options?: Readonly<Record<string, string>>;
  tls?: StoreTls;
}

/** The store behind a URL as an engine on `host` reaches it: over that host's SSH connection. */
export function openStore(url: string, host: Host, { options = {}, tls }: StoreAccess = {}): KeyValueStore {
  const parsed = parseStoreUrl(url);
  if (!parsed) throw new Error(`${url} is not the URL of a store`);
  const { kind, endpoints, prefix } = parsed;
  const opened = endpoints.map(({ host: server, port }) => new servers[kind]({ host, server, port, tls }));
  return new DockerStore(kind, host.address, opened, prefix, nodesPath(options));
}
