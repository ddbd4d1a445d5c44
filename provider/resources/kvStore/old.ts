import type { KVStoreState, Server } from "./inputs";
import { kinds } from "./kinds";
import { portOf } from "./ports";

/** What the first version wrote: one Consul, with whether it ran beside its server. */
interface FirstVersion {
  servers: (Pick<Server, "host" | "address" | "bindInterface"> & Partial<Server>)[];
  running?: boolean;
}

/** State as this version has it, of whichever version wrote it. */
export function upToDate(state: KVStoreState): KVStoreState {
  const { running, servers, ...others } = state as Omit<KVStoreState, "servers"> & FirstVersion;
  if (!Array.isArray(servers)) return state;
  const completed = servers.map((server, i) => ({
    id: i + 1,
    url: kinds[others.kind].url([server.address], portOf(others)),
    status: running === false ? "stopped" : "running",
    ...server,
  }));
  return { ...others, clientConnections: others.clientConnections ?? [], servers: completed };
}
