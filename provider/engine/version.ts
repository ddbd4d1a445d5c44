import { CrosshostError } from "../errors";
import type { StoreKind } from "../kv/url";
import type { Host } from "../ssh/host";

/** Docker 23.0 took the cluster store out. Source: moby, commit "Remove cluster-store" of 22.06. */
const FIRST_WITHOUT_STORE = 23;

/**
 * Refuses an engine that was built without this kind of store, such as Debian 12's, which has none of Consul: each that
 * is built in has left its package's name in the program. `dockerd` is the program of the unit's command line.
 */
export async function requireStoreBackend(
  host: Host,
  dockerd: string,
  kind: StoreKind,
  version: string,
): Promise<void> {
  const search = ["grep", "-qaF", "--", `libkv/store/${kind}`, dockerd];
  const { exitCode } = await host.run(search, { allowedExitCodes: [0, 1, 2] });
  // 2: the program cannot be read, which says nothing.
  if (exitCode !== 1) return;
  throw new CrosshostError(`host ${host.address}: its Docker ${version} was built without ${kind} as a cluster store`, {
    code: "unsupported",
    hint: "Debian 12's docker.io (20.10.24) is such a one; Debian 11's and Docker's own docker-ce 20.10 are not",
  });
}

export function requireClusterStore(host: string, engineVersion: string): void {
  if (Number.parseInt(engineVersion, 10) < FIRST_WITHOUT_STORE) return;
  throw new CrosshostError(
    `host ${host}: Docker ${engineVersion} cannot join a key-value store: cluster stores ended with Docker 20.10`,
    { code: "unsupported", hint: "on Docker 23 and later, networks across hosts are Swarm-scoped overlays" },
  );
}

/**
 * Docker 20.10 registers in a ZooKeeper and makes networks there, and dies when a container joins one: it looks for the
 * network's count of endpoints by the whole key, where its ZooKeeper client lists bare names, and goes on with nothing.
 * Engines up to 19.03 ask for that one key, and work. Source: libnetwork `store.go`, getNetworkFromStore, of 2020-05 and
 * before; seen with 20.10.5 and 19.03.15.
 */
export function requireNotZooKeeper(host: string, kind: StoreKind, version: string): void {
  if (kind !== "zookeeper" || !version.startsWith("20.10.")) return;
  throw new CrosshostError(
    `host ${host}: Docker ${version} cannot have ZooKeeper as its cluster store: the engine crashes when the first container joins a network of that store`,
    { code: "unsupported", hint: "give it a Consul or an etcd; a ZooKeeper is for Docker 19.03 and before" },
  );
}
