import { openStoreOfEngine } from "../../engine/engineStore";
import { isCode } from "../../errors";
import { NO_ENDPOINTS } from "../../kv/dockerStore";
import type { Task } from "../../lifecycle";
import type { View } from "./views";

/**
 * Corrects what the store says of how many endpoints a network has, where it has none of them: no engine removes a network
 * that counts some. The count stays too high where an engine took an endpoint away and did not reach its store for a moment
 * (libnetwork 20.10 `endpoint_cnt.go`). An endpoint that is being made is in the store before it is counted, so that a
 * network without any has nobody on it. Returns whether the count was corrected.
 */
export async function correctEndpointCount({ host, reached, docker, network }: View, task: Task): Promise<boolean> {
  const { ClusterStore: url } = await docker.engine.info();
  if (!url) return false;
  try {
    const store = await openStoreOfEngine(url, reached);
    // Before the endpoints: one that comes after them is counted on from there.
    const count = await store.endpointCount(network.Id);
    if (count === undefined || count === NO_ENDPOINTS || (await store.endpoints(network.Id)).length > 0) return false;
    const what = "the store counts endpoints on it and has none; correcting the count";
    task.run.progress(host, `healing "${network.Name}": ${what}`);
    return await store.resetEndpointCount(network.Id, count);
  } catch (error) {
    // That it has endpoints is what there is to say, then.
    if (isCode(error, "not-ready", "unsupported")) return false;
    throw error;
  }
}
