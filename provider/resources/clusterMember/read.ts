import { readDockerService } from "../../engine/dockerService";
import type { Task } from "../../lifecycle";
import type { ClusterMemberState } from "./inputs";

/** What the host says now. A host is never "gone": one without our drop-in is a host that has drifted. */
export async function read(state: ClusterMemberState, { run, deadline }: Task): Promise<ClusterMemberState> {
  const host = await run.host(state.connection, deadline);
  const docker = await run.docker(state.connection, deadline);
  const [service, engine] = await Promise.all([readDockerService(host), docker.engine.info()]);
  const ours = service.dropIn?.owner === state.owner ? service.dropIn.flags : {};
  return {
    ...state,
    clusterStore: ours.clusterStore ?? "",
    clusterAdvertise: ours.clusterAdvertise ?? "",
    joined: engine.ClusterStore === state.clusterStore && engine.ClusterAdvertise === state.advertisedAddress,
    engineVersion: engine.ServerVersion,
  };
}
