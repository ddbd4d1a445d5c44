import { CrosshostError } from "../../errors";
import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { type Detached, ensureNetwork, removeNetwork } from "../shared/network";
import { belongsTo } from "../shared/owned";
import type { LanDriver } from "./driver";
import { type HostFacts, isDead } from "./facts";
import type { MacvlanNetworkInputs } from "./inputs";
import { reconcileShim } from "./shims";
import { networkSpec } from "./spec";

/** One host's part, done. */
export interface MadeOnHost {
  id: string;
  networkId: string;
  isAdopted: boolean;
}

/** Brings one host's part of the network about: the network, made from its plan, and the shim. */
export async function bringAboutOnHost(
  driver: LanDriver,
  inputs: MacvlanNetworkInputs,
  facts: HostFacts,
  adoptedIds: readonly string[] | undefined,
  task: Task,
): Promise<MadeOnHost> {
  const { id, docker, plan, connection } = facts;
  const { owner, adopt } = inputs;
  const spec = networkSpec(driver, inputs, plan);
  const made = await task.run.engineGate(connection).shared(async () => {
    const detached = await clearDead(inputs, facts, adoptedIds, task);
    const network = await ensureNetwork(docker, id, { owner, spec, adopt, adoptedIds }, task.touching);
    await settleAll(
      detached.map(({ container, endpoint }) => docker.networks.connect(network.id, container, endpoint)),
    );
    return network;
  });
  await reconcileShim(inputs, facts, task);
  return { id, networkId: made.id, isAdopted: made.isAdopted };
}

/**
 * A network whose parent was gone may never be joined again, also when the parent is back: it is made anew. Returns the
 * containers of this stack that were on it and are still running.
 */
async function clearDead(
  { owner, name }: MacvlanNetworkInputs,
  facts: HostFacts,
  adoptedIds: readonly string[] | undefined,
  task: Task,
): Promise<Detached[]> {
  const { id, docker, network, plan } = facts;
  if (!network || !isDead(facts)) return [];
  if (!belongsTo(owner, adoptedIds, { id: network.Id, labels: network.Labels })) {
    throw new CrosshostError(`host ${id}: the network "${name}" is somebody else's, and its parent is gone`, {
      code: "foreign",
      hint: "remove it",
    });
  }
  task.touching();
  const detached = await removeNetwork([{ host: id, docker, network }], owner);
  const again = detached.length === 0 ? "" : `, and connecting ${detached.map(({ name }) => name).join(", ")} again`;
  task.run.progress(id, `making the network "${name}" anew, whose parent ${plan.parent} was gone${again}`);
  return detached;
}
