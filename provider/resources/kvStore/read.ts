import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { connectionTo } from "../shared/hosts";
import { isOwnedBy } from "../shared/owned";
import { reachOrSkip } from "../shared/reachable";
import type { KVStoreState } from "./inputs";

/** The store is gone when both its container and its data are; with the data left, it is a store that does not run. */
export async function read(state: KVStoreState, task: Task): Promise<KVStoreState | undefined> {
  const [server] = state.servers;
  if (!server) return undefined;
  const connection = connectionTo(server.host, state.connections);
  const reached = await reachOrSkip(connection, state, task, `what is recorded of "${state.name}" is kept`);
  if (!reached) return state;
  const { docker } = reached;
  const [container, volume] = await Promise.all([
    unlessNotFound(docker.containers.inspect(state.name)),
    unlessNotFound(docker.volumes.inspect(state.dataVolume)),
  ]);
  const ours = container && isOwnedBy(state.owner, container.Config.Labels) ? container : undefined;
  if (!ours && !(volume && isOwnedBy(state.owner, volume.Labels))) return undefined;
  return { ...state, image: ours?.Config.Image ?? state.image, running: ours?.State.Running ?? false };
}
