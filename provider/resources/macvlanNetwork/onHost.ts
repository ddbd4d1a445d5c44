import type { Task } from "../../lifecycle";
import { ensureNetwork, type WantedNetwork } from "../shared/network";
import type { LanDriver } from "./driver";
import { faultOf, type HostFacts } from "./facts";
import type { MacvlanNetworkInputs } from "./inputs";
import { mayKeep } from "./mayKeep";
import { reconcileShim } from "./shims";
import { networkSpec } from "./spec";

/** One host's part, done. */
export interface MadeOnHost {
  id: string;
  networkId: string;
  isAdopted: boolean;
}

/** What is wanted of a host's engine. */
export function wantedOnHost(
  driver: LanDriver,
  inputs: MacvlanNetworkInputs,
  facts: HostFacts,
  adoptedIds: readonly string[] | undefined,
): WantedNetwork {
  const { owner, adopt } = inputs;
  return {
    ...{ owner, adopt, adoptedIds },
    spec: networkSpec(driver, inputs, facts.plan),
    fault: faultOf(facts),
    mayKeep: mayKeep(inputs, facts.id),
  };
}

/** Brings one host's part of the network about: the network, made from its plan, and the shim. */
export async function bringAboutOnHost(
  driver: LanDriver,
  inputs: MacvlanNetworkInputs,
  facts: HostFacts,
  adoptedIds: readonly string[] | undefined,
  task: Task,
): Promise<MadeOnHost> {
  const { id, docker, connection } = facts;
  const wanted = wantedOnHost(driver, inputs, facts, adoptedIds);
  const say = (step: string) => task.run.progress(id, step);
  const made = await task.run
    .engineGate(connection)
    .shared(() => ensureNetwork(docker, id, { ...wanted, say }, task.touching));
  await reconcileShim(inputs, facts, task);
  return { id, networkId: made.id, isAdopted: made.isAdopted };
}
