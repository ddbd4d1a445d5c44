import { unlessNotFound } from "../../docker/errors";
import { removeShim } from "../../engine/shim";
import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { connectionTo } from "../shared/hosts";
import { removeNetwork } from "../shared/network";
import { belongsTo } from "../shared/owned";
import { reachOrSkip } from "../shared/reachable";
import type { MacvlanNetworkState } from "./inputs";
import { mayHaveShim } from "./shims";

export async function remove(state: MacvlanNetworkState, task: Task): Promise<void> {
  await settleAll(Object.keys(state.plan).map((host) => removeFromHost(state, host, task)));
}

/** Takes this stack's containers on one host off the network, and the network and the host's shim away. */
export async function removeFromHost(state: MacvlanNetworkState, id: string, task: Task): Promise<void> {
  const connection = connectionTo(id, state.connections);
  const reached = await reachOrSkip(connection, state, task, `the network "${state.name}" stays there`);
  if (!reached) return;
  const { docker, host } = reached;
  await task.run.engineGate(connection).shared(async () => {
    const network = await unlessNotFound(docker.networks.inspect(state.name));
    if (!network || !belongsTo(state.owner, state.adoptedIds, { id: network.Id, labels: network.Labels })) return;
    await removeNetwork([{ host: id, docker, network }], state.owner);
  });
  if (mayHaveShim(state.plan[id]!)) await removeShim(host, { owner: state.owner, network: state.name });
}
