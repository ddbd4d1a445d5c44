import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { hostId } from "../../ssh/hostId";
import type { NetworkOnHost } from "../shared/network";
import { isOwnedBy } from "../shared/owned";
import { reachOrSkip } from "../shared/reachable";
import type { OverlayNetworkState } from "./inputs";

export interface Views {
  /** The network as each host sees it; a host that does not see it, or another of that name, is left out. */
  seen: NetworkOnHost[];
  /** Hosts that could not be reached. */
  skipped: string[];
}

/** Looks at the network from each of its hosts; `consequence` is what it means that one is skipped. */
export async function viewsOf(state: OverlayNetworkState, task: Task, consequence: string): Promise<Views> {
  const views: Views = { seen: [], skipped: [] };
  const found = await Promise.all(
    state.connections.map(async (connection) => {
      const host = hostId(connection);
      const reached = await reachOrSkip(connection, state, task, consequence);
      if (!reached) return { host };
      const { docker } = reached;
      const network = await unlessNotFound(docker.networks.inspect(state.networkId || state.name));
      return { host, docker, network };
    }),
  );
  for (const { host, docker, network } of found) {
    if (!docker) views.skipped.push(host);
    else if (network && isOwnedBy(state.owner, network.Labels)) views.seen.push({ host, docker, network });
  }
  return views;
}
