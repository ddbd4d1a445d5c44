import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { hostId } from "../../ssh/hostId";
import type { NetworkOnHost } from "../shared/network";

import type { OverlayNetworkState } from "./inputs";

/** The network as each of its hosts sees it; a host that does not see it is left out. */
export async function viewsOf(state: OverlayNetworkState, { run, deadline }: Task): Promise<NetworkOnHost[]> {
  const views = await Promise.all(
    state.connections.map(async (connection) => {
      const docker = await run.docker(connection, deadline);
      const network = await unlessNotFound(docker.networks.inspect(state.networkId || state.name));
      return network ? [{ host: hostId(connection), docker, network }] : [];
    }),
  );
  return views.flat();
}
