import { unlessNotFound } from "../../docker/errors";
import type { Network } from "../../docker/types";
import { hostLinks } from "../../engine/links";
import { hasShim, isShimOf, readShimUnit, shimLink } from "../../engine/shim";
import type { Task } from "../../lifecycle";
import type { Host } from "../../ssh/host";
import { connectionTo } from "../shared/hosts";
import { belongsTo } from "../shared/owned";
import { reachOrSkip } from "../shared/reachable";
import { isDead, parentGone } from "./facts";
import type { HostPlan, MacvlanNetworkState } from "./inputs";
import { planDrift } from "./planDrift";
import { mayHaveShim, shimOf } from "./shims";

/** One host's part of the network, as found or, where the host is skipped, as recorded. */
interface Part {
  host: string;
  plan: HostPlan;
  id: string | undefined;
  /** Whether it is certain that there is none of ours. */
  isGone: boolean;
}

/** Gone when it is on no host; what is wrong on one is said in its part of the plan, as `drift`. */
export async function read(state: MacvlanNetworkState, task: Task): Promise<MacvlanNetworkState | undefined> {
  const parts = await Promise.all(Object.keys(state.plan).map((host) => readFromHost(state, host, task)));
  if (parts.every(({ isGone }) => isGone)) return undefined;
  return {
    ...state,
    plan: Object.fromEntries(parts.map(({ host, plan }) => [host, plan])),
    networkIds: Object.fromEntries(parts.flatMap(({ host, id }) => (id === undefined ? [] : [[host, id]]))),
  };
}

async function readFromHost(state: MacvlanNetworkState, id: string, task: Task): Promise<Part> {
  const recorded = state.plan[id]!;
  const consequence = `what is recorded of "${state.name}" is kept`;
  const reached = await reachOrSkip(connectionTo(id, state.connections), state, task, consequence);
  if (!reached) return { host: id, plan: recorded, id: state.networkIds?.[id], isGone: false };
  const network = await unlessNotFound(reached.docker.networks.inspect(state.name));
  const { drift: before, ...plan } = recorded;
  if (!network || !belongsTo(state.owner, state.adoptedIds, { id: network.Id, labels: network.Labels })) {
    const drift = network ? "somebody else's network has its name" : "the network is gone";
    const hasShimLeft =
      mayHaveShim(plan) && (await isShimOf(reached.host, { owner: state.owner, network: state.name }));
    return { host: id, plan: { ...plan, drift }, id: undefined, isGone: !hasShimLeft };
  }
  const drift = await driftOf(state, plan, network, reached.host);
  return { host: id, plan: { ...plan, ...(drift === undefined ? {} : { drift }) }, id: network.Id, isGone: false };
}

/** What is not as recorded, the worst first. */
async function driftOf(
  state: MacvlanNetworkState,
  plan: HostPlan,
  network: Network,
  host: Host,
): Promise<string | undefined> {
  const drift = planDrift(plan, network);
  if (drift !== undefined) return drift;
  const shim = shimOf(state, plan);
  const [found, unit] = await Promise.all([hostLinks(host), shim && readShimUnit(host, state.name)]);
  if (isDead({ network, plan, links: found.links, wasDead: false })) return parentGone(plan.parent);
  if (!shim) return undefined;
  const hasLink = found.links.some(({ name, isUp }) => name === shimLink(state.name) && isUp);
  return hasShim(shim, unit, found.ipCommand, hasLink) ? undefined : "the host's own way to its containers is gone";
}
