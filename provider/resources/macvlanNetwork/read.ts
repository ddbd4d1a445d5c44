import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { connectionTo } from "../shared/hosts";
import { isOwnedBy } from "../shared/owned";
import { reachOrSkip } from "../shared/reachable";
import type { HostPlan, MacvlanNetworkState } from "./inputs";

/** One host's part of the network, as found or, where the host is skipped, as recorded. */
interface Part {
  host: string;
  plan: HostPlan;
  id: string | undefined;
}

/** Gone when it is on no host; a host that alone lacks it is missing from `plan`. */
export async function read(state: MacvlanNetworkState, task: Task): Promise<MacvlanNetworkState | undefined> {
  const parts = await Promise.all(Object.keys(state.plan).map((host) => readFromHost(state, host, task)));
  const found = parts.filter((part) => part !== undefined);
  if (found.length === 0) return undefined;
  return {
    ...state,
    plan: Object.fromEntries(found.map(({ host, plan }) => [host, plan])),
    networkIds: Object.fromEntries(found.flatMap(({ host, id }) => (id === undefined ? [] : [[host, id]]))),
  };
}

async function readFromHost(state: MacvlanNetworkState, host: string, task: Task): Promise<Part | undefined> {
  const recorded = state.plan[host]!;
  const consequence = `what is recorded of "${state.name}" is kept`;
  const reached = await reachOrSkip(connectionTo(host, state.connections), state, task, consequence);
  if (!reached) return { host, plan: recorded, id: state.networkIds?.[host] };
  const network = await unlessNotFound(reached.docker.networks.inspect(state.name));
  if (!network || !isOwnedBy(state.owner, network.Labels)) return undefined;
  return {
    host,
    plan: {
      parent: network.Options?.parent ?? recorded.parent,
      ipRange: network.IPAM.Config?.[0]?.IPRange ?? recorded.ipRange,
    },
    id: network.Id,
  };
}
