import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { hostId } from "../../ssh/hostId";
import type { NetworkOnHost } from "../shared/network";
import { isOwnedBy } from "../shared/owned";
import type { OverlayNetworkState } from "./inputs";

/** The network as each of its hosts sees it; a host that does not see it, or another of that name, is left out. */
export async function viewsOf(state: OverlayNetworkState, { run, deadline }: Task): Promise<NetworkOnHost[]> {
  const views = await Promise.all(
    state.connections.map(async (connection) => {
      const docker = await run.docker(connection, deadline);
      const network = await unlessNotFound(docker.networks.inspect(state.networkId || state.name));
      return network && isOwnedBy(state.owner, network.Labels) ? [{ host: hostId(connection), docker, network }] : [];
    }),
  );
  return views.flat();
}
