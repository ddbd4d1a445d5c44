import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { connectionTo } from "../shared/hosts";
import { removeNetwork } from "../shared/network";
import { isOwnedBy } from "../shared/owned";
import { reachOrSkip } from "../shared/reachable";
import type { MacvlanNetworkState } from "./inputs";

export async function remove(state: MacvlanNetworkState, task: Task): Promise<void> {
  await settleAll(Object.keys(state.plan).map((host) => removeFromHost(state, host, task)));
}

/** Takes this stack's containers on one host off the network, and the network away. */
export async function removeFromHost(state: MacvlanNetworkState, host: string, task: Task): Promise<void> {
  const connection = connectionTo(host, state.connections);
  const reached = await reachOrSkip(connection, state, task, `the network "${state.name}" stays there`);
  if (!reached) return;
  const { docker } = reached;
  await task.run.engineGate(connection).shared(async () => {
    const network = await unlessNotFound(docker.networks.inspect(state.name));
    if (!network || !isOwnedBy(state.owner, network.Labels)) return;
    await removeNetwork([{ host, docker, network }], state.owner);
  });
}
