import { unlessNotFound } from "../../docker/errors";
import type { Network } from "../../docker/types";
import type { Task } from "../../lifecycle";
import { connectionTo } from "../shared/hosts";
import { isOwnedBy } from "../shared/owned";
import type { MacvlanNetworkState } from "./inputs";

/** Gone when it is on no host; a host that alone lacks it is missing from `plan`. */
export async function read(
  state: MacvlanNetworkState,
  { run, deadline }: Task,
): Promise<MacvlanNetworkState | undefined> {
  const views = await Promise.all(
    Object.entries(state.plan).map(async ([host, plan]) => {
      const docker = await run.docker(connectionTo(host, state.connections), deadline);
      const network = await unlessNotFound(docker.networks.inspect(state.name));
      return { host, plan, network: network && isOwnedBy(state.owner, network.Labels) ? network : undefined };
    }),
  );
  const found = views.filter((view): view is typeof view & { network: Network } => view.network !== undefined);
  if (found.length === 0) return undefined;
  return {
    ...state,
    plan: Object.fromEntries(
      found.map(({ host, plan, network }) => [
        host,
        {
          parent: network.Options?.parent ?? plan.parent,
          ipRange: network.IPAM.Config?.[0]?.IPRange ?? plan.ipRange,
        },
      ]),
    ),
    networkIds: Object.fromEntries(found.map(({ host, network }) => [host, network.Id])),
  };
}
