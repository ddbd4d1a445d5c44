import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import type { View } from "../../proof/abandoned";
import { hostId } from "../../ssh/hostId";
import { belongsTo } from "../shared/owned";
import { skipsUnreachable, tryToReach } from "../shared/reachable";
import { confirmGone, StoreAway } from "./confirmGone";
import type { OverlayNetworkState } from "./inputs";

export type { View };

export interface Views {
  /** A host that does not see the network, or another of that name, is left out. */
  seen: View[];
  /** Hosts that could not be reached. */
  skipped: string[];
}

/**
 * Looks at the network from each of its hosts that can be reached, and any of them will do: that none can is a failure,
 * unless they are to be skipped. `consequence` is what it means that one is.
 */
export async function viewsOf(state: OverlayNetworkState, task: Task, consequence: string): Promise<Views> {
  const found = await Promise.all(
    state.connections.map(async (connection) => {
      const host = hostId(connection);
      const reached = await tryToReach(connection, task);
      if ("reason" in reached) return { host, reason: `not reached (${reached.reason})`, error: reached.error };
      const { docker } = reached;
      const network = await unlessNotFound(docker.networks.inspect(state.networkId || state.name));
      if (network || !state.networkId) return { host, docker, network, reached: reached.host };
      try {
        return { host, docker, network: await confirmGone(state, reached.host, docker, task), reached: reached.host };
      } catch (error) {
        // The store is one more that cannot be reached.
        if (!(error instanceof StoreAway) || !skipsUnreachable(state)) throw error;
        return { host, reason: error.message, error };
      }
    }),
  );
  const answers = found.filter(({ docker }) => docker !== undefined);
  if (answers.length === 0 && !skipsUnreachable(state)) throw found[0]!.error;
  const views: Views = { seen: [], skipped: [] };
  for (const { host, docker, network, reached, reason } of found) {
    if (!docker) {
      views.skipped.push(host);
      task.run.progress(host, `skipped, ${reason}: ${consequence}`);
    } else if (network && belongsTo(state.owner, state.adoptedIds, { id: network.Id, labels: network.Labels })) {
      views.seen.push({ host, docker, network, reached });
    }
  }
  return views;
}
