import type { StoreKind } from "../../kv/url";

const CLIENT_PORTS: Record<StoreKind, number> = { consul: 8500, etcd: 2379, zookeeper: 2181 };

/** The port the servers are asked at, by engines and by people. */
export function portOf({ kind, port }: { kind: StoreKind; port?: number }): number {
  return port ?? CLIENT_PORTS[kind];
}
