import { readDockerService } from "../../engine/dockerService";
import type { Task } from "../../lifecycle";
import { reachOrSkip } from "../shared/reachable";
import type { ClusterMemberState } from "./inputs";

/** What the host says now. A host is never "gone": one without our drop-in is a host that has drifted. */
export async function read(state: ClusterMemberState, task: Task): Promise<ClusterMemberState> {
  const reached = await reachOrSkip(state.connection, state, task, "what is recorded of its membership is kept");
  if (!reached) return state;
  const { host, docker } = reached;
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
