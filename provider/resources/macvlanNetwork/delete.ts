import { unlessNotFound } from "../../docker/errors";
import { removeShim } from "../../engine/shim";
import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { forgetDetached } from "../shared/detached";
import { connectionTo } from "../shared/hosts";
import { belongsTo } from "../shared/owned";
import { type Reached, reachOrSkip } from "../shared/reachable";
import { removeNetwork, requireNoForeignEndpoints } from "../shared/removeNetwork";
import type { MacvlanNetworkState } from "./inputs";
import { mayHaveShim } from "./shims";

export async function remove(state: MacvlanNetworkState, task: Task): Promise<void> {
  await settleAll(
    Object.keys(state.plan).map(async (id) => {
      const reached = await reachToLeave(state, id, task);
      if (reached) await leave(state, id, reached, task);
    }),
  );
}

/** A host that the network is to be taken away from, looked at: what takes it away, where nothing is in the way. */
export async function prepareToLeave(state: MacvlanNetworkState, id: string, task: Task): Promise<() => Promise<void>> {
  const reached = await reachToLeave(state, id, task);
  if (!reached) return async () => {};
  const network = await ownNetworkOn(state, reached);
  if (network) await requireNoForeignEndpoints([{ host: id, docker: reached.docker, network }], state.owner);
  return () => leave(state, id, reached, task);
}

function reachToLeave(state: MacvlanNetworkState, id: string, task: Task): Promise<Reached | undefined> {
  return reachOrSkip(connectionTo(id, state.connections), state, task, `the network "${state.name}" stays there`);
}

async function ownNetworkOn({ name, owner, adoptedIds }: MacvlanNetworkState, { docker }: Reached) {
  const network = await unlessNotFound(docker.networks.inspect(name));
  return network && belongsTo(owner, adoptedIds, { id: network.Id, labels: network.Labels }) ? network : undefined;
}

/** Takes this stack's containers on one host off the network, and the network and the host's shim away. */
async function leave(state: MacvlanNetworkState, id: string, reached: Reached, task: Task): Promise<void> {
  const { docker, host } = reached;
  await task.run.engineGate(connectionTo(id, state.connections)).shared(async () => {
    const network = await ownNetworkOn(state, reached);
    if (network) await removeNetwork([{ host: id, docker, network }], state.owner);
    await forgetDetached(docker, state.owner, state.name);
  });
  if (mayHaveShim(state.plan[id]!)) await removeShim(host, { owner: state.owner, network: state.name });
}
