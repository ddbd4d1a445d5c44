import { isInForce, readDockerService } from "../../engine/dockerService";
import { isCode } from "../../errors";
import { openStore } from "../../kv/store";
import type { Task } from "../../lifecycle";
import type { Host } from "../../ssh/host";
import { reachOrSkip } from "../shared/reachable";
import type { ClusterMemberState } from "./inputs";

/** What the host says now. A host is never "gone": one without our drop-in is a host that has drifted. */
export async function read(state: ClusterMemberState, task: Task): Promise<ClusterMemberState> {
  const reached = await reachOrSkip(state.connection, state, task, "what is recorded of its membership is kept");
  if (!reached) return state;
  const { host, docker } = reached;
  const [service, engine, isRegistered] = await Promise.all([
    readDockerService(host),
    docker.engine.info(),
    isRegisteredIn(state, host),
  ]);
  const ours = service.dropIn?.owner === state.owner ? service.dropIn.flags : {};
  return {
    ...state,
    clusterStore: ours.clusterStore ?? "",
    clusterAdvertise: ours.clusterAdvertise ?? "",
    joined:
      engine.ClusterStore === state.clusterStore && engine.ClusterAdvertise === state.advertisedAddress && isRegistered,
    configured: isInForce(service, state.owner, state),
    engineVersion: engine.ServerVersion,
  };
}

/** Whether the store has the engine among its nodes; a store that is away says nothing against it. */
async function isRegisteredIn(state: ClusterMemberState, host: Host): Promise<boolean> {
  if (state.clusterStore === "") return false;
  try {
    return (await openStore(state.clusterStore, host).nodes()).includes(state.advertisedAddress);
  } catch (error) {
    if (isCode(error, "not-ready")) return true;
    throw error;
  }
}
