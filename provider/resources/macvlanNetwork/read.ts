import { unlessNotFound } from "../../docker/errors";
import type { Network } from "../../docker/types";
import { hostLinks } from "../../engine/links";
import { hasShim, isShimOf, shimLink } from "../../engine/shim";
import type { Task } from "../../lifecycle";
import type { Host } from "../../ssh/host";
import { connectionTo } from "../shared/hosts";
import { belongsTo } from "../shared/owned";
import { reachOrSkip } from "../shared/reachable";
import { isDead, parentGone } from "./facts";
import type { HostPlan, MacvlanNetworkState } from "./inputs";
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
  const there = { parent: network.Options?.parent, ranges: (network.IPAM.Config ?? []).map(({ IPRange }) => IPRange) };
  if (there.parent !== plan.parent) return `its parent is ${there.parent}`;
  const missing = [plan.ipRange, plan.ipv6Range].find((range) => range && !there.ranges.includes(range));
  if (missing) return `its range is ${there.ranges.join(" and ")}`;
  const found = await hostLinks(host);
  if (isDead({ network, plan, links: found.links, wasDead: false })) return parentGone(plan.parent);
  const shim = shimOf(state, plan);
  if (!shim) return undefined;
  const hasLink = found.links.some(({ name, isUp }) => name === shimLink(state.name) && isUp);
  const isThere = await hasShim(host, shim, found.ipCommand, hasLink);
  return isThere ? undefined : "the host's own way to its containers is gone";
}
