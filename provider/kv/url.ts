/** The key-value stores Docker's engines take. */
export type StoreKind = "consul" | "etcd" | "zookeeper";

/** A store as engines name it: `consul://10.77.0.1:8500/prefix`. */
export interface StoreUrl {
  kind: StoreKind;
  endpoints: { host: string; port: number }[];
  /** Keys live below this; empty, or without slashes at its ends. */
  prefix: string;
}

/** No blanks, control characters, quotes or backslashes: the address stands in a unit file and in URLs. */
const URL_TEXT = /^[^\s\p{Cc}'"`\\<>{}|^]*$/u;

const SCHEMES: Record<string, StoreKind> = { consul: "consul", etcd: "etcd", zk: "zookeeper" };

/**
 * Reads the `--cluster-store` form of a store's address, or undefined if it is none. Source: moby 20.10,
 * `pkg/discovery/kv/kv.go`: hosts separated by commas, everything after the first slash is the prefix.
 */
export function parseStoreUrl(text: string): StoreUrl | undefined {
  const [, scheme, hosts, path] = /^([a-z]+):\/\/([^/]+)(?:\/(.*))?$/.exec(URL_TEXT.test(text) ? text : "") ?? [];
  const kind = scheme !== undefined && Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme] : undefined;
  if (!kind || hosts === undefined) return undefined;
  const endpoints = hosts.split(",").map((endpoint) => {
    const [, host, port] = /^(.+):(\d+)$/.exec(endpoint) ?? [];
    return { host: host ?? "", port: Number(port) };
  });
  if (endpoints.some(({ host, port }) => host === "" || !(port >= 1 && port <= 65535))) return undefined;
  return { kind, endpoints, prefix: (path ?? "").replace(/^\/+|\/+$/g, "") };
}

/** Where engines register below the store's prefix. Source: moby 20.10, `pkg/discovery/kv/kv.go`. */
export function nodesPath(options: Readonly<Record<string, string>>): string {
  return (options["kv.path"] ?? "docker/nodes").replace(/^\/+|\/+$/g, "");
}
