import { unlessNotFound } from "../../docker/errors";
import { describeRoute, hostRoutes } from "../../engine/routes";
import { CrosshostError } from "../../errors";
import type { Task } from "../../lifecycle";
import { formatCidr, overlap } from "../../net/ip";
import { waitFor } from "../../wait";
import { subnetsOf } from "../shared/ipam";
import { ensureNetwork } from "../shared/network";
import { confirmGone } from "./confirmGone";
import type { OverlayNetworkInputs, OverlayNetworkState } from "./inputs";
import { type Member, reachMembers } from "./members";
import { networkSpec } from "./spec";

/** Makes the network through the first host that answers, and waits until every other one that does sees it. */
export async function bringAbout(
  inputs: OverlayNetworkInputs,
  task: Task,
  olds?: OverlayNetworkState,
): Promise<OverlayNetworkState> {
  const members = await reachMembers(inputs, task, "sees the network once it is back");
  const [maker] = members as [Member];
  await requireStore(maker);
  const { id, isAdopted } = await ensureNetwork(
    maker.docker,
    maker.id,
    {
      ...{ owner: inputs.owner, adopt: inputs.adopt, adoptedIds: olds?.adoptedIds },
      spec: networkSpec(inputs),
      confirmGone: async () => (olds?.networkId ? await confirmGone(olds, maker.host, maker.docker, task) : undefined),
      beforeCreate: () => requireFreeSubnets(inputs, members),
      say: (step) => task.run.progress(maker.id, step),
    },
    task.touching,
  );
  const [network] = await Promise.all(members.map((member) => waitUntilSeen(inputs, id, member, task)));
  return { ...inputs, networkId: id, scope: network!.Scope, ...(isAdopted ? { adoptedIds: [id] } : {}) };
}

/** Without a store Docker speaks of swarm managers, which is not what is wrong. */
async function requireStore({ id, docker }: Member): Promise<void> {
  const { ClusterStore } = await docker.engine.info();
  if (ClusterStore) return;
  throw new CrosshostError(`host ${id}: its engine is in no cluster, so it cannot make an overlay network`, {
    code: "unsupported",
    hint: "take the connections from `ClusterMember`s: `connections: members.map(m => m.connection)`",
  });
}

/** Docker checks an overlay's subnet against no host's routes, and what it then takes away is the host's own way. */
async function requireFreeSubnets({ name, ipamConfigs }: OverlayNetworkInputs, members: readonly Member[]) {
  const subnets = subnetsOf(ipamConfigs).filter((subnet) => subnet !== undefined);
  await Promise.all(
    members.map(async ({ id, host }) => {
      for (const route of await hostRoutes(host)) {
        const subnet = subnets.find((one) => overlap(one, route.destination));
        if (!subnet) continue;
        throw new CrosshostError(
          `host ${id}: the subnet ${formatCidr(subnet)} of the network "${name}" overlaps its route to ${describeRoute(route)}`,
          { code: "conflict", hint: "give another subnet: containers could not reach what is there, or the host them" },
        );
      }
    }),
  );
}

function waitUntilSeen({ name }: OverlayNetworkInputs, networkId: string, { id, docker }: Member, task: Task) {
  return waitFor(
    async () => {
      const network = await unlessNotFound(docker.networks.inspect(name));
      if (network?.Id === networkId) return { done: network };
      return { seen: network ? `another network of that name, ${network.Id}` : "no such network" };
    },
    {
      what: `host ${id} to see the network "${name}"`,
      deadline: task.deadline,
      hint: "is the host a member of the same cluster?",
    },
  );
}
