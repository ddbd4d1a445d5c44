import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { hostId } from "../../ssh/hostId";
import type { NetworkOnHost } from "../shared/network";
import { isOwnedBy } from "../shared/owned";
import { reachOrSkip, skipsUnreachable } from "../shared/reachable";
import { confirmGone, StoreAway } from "./confirmGone";
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
      if (network || !state.networkId) return { host, docker, network };
      try {
        return { host, docker, network: await confirmGone(state, reached.host, docker, task) };
      } catch (error) {
        // The store is one more that cannot be reached.
        if (!(error instanceof StoreAway) || !skipsUnreachable(state)) throw error;
        task.run.progress(host, `skipped: ${error.message}: ${consequence}`);
        return { host };
      }
    }),
  );
  for (const { host, docker, network } of found) {
    if (!docker) views.skipped.push(host);
    else if (network && isOwnedBy(state.owner, network.Labels)) views.seen.push({ host, docker, network });
  }
  return views;
}
