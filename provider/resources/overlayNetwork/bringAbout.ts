import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import { CrosshostError } from "../../errors";
import type { Task } from "../../lifecycle";
import { waitFor } from "../../wait";
import { connectionTo } from "../shared/hosts";
import { ensureNetwork, toDocker } from "../shared/network";

import type { OverlayNetworkInputs, OverlayNetworkState } from "./inputs";

const DRIVER = "overlay";

/** Makes the network through the first host, and waits until every host sees it. */
export async function bringAbout(inputs: OverlayNetworkInputs, task: Task): Promise<OverlayNetworkState> {
  const { run, deadline } = task;
  const dockers = await Promise.all(
    inputs.hosts.map(async (host) => ({
      host,
      docker: await run.docker(connectionTo(host, inputs.connections), deadline),
    })),
  );
  const [maker] = dockers as [(typeof dockers)[number]];
  await requireStore(maker.host, maker.docker);
  const id = await ensureNetwork(maker.docker, maker.host, inputs.owner, networkSpec(inputs), task.touching);
  const [network] = await Promise.all(dockers.map(({ host, docker }) => waitUntilSeen(inputs, id, host, docker, task)));
  return { ...inputs, networkId: id, scope: network!.Scope };
}

export function networkSpec({ name, ipamConfigs, options, labels }: OverlayNetworkInputs) {
  return { Name: name, Driver: DRIVER, IPAM: { Config: ipamConfigs.map(toDocker) }, Options: options, Labels: labels };
}

/** Without a store Docker speaks of swarm managers, which is not what is wrong. */
async function requireStore(host: string, docker: DockerApi): Promise<void> {
  const { ClusterStore } = await docker.engine.info();
  if (ClusterStore) return;
  throw new CrosshostError(`host ${host}: its engine is in no cluster, so it cannot make an overlay network`, {
    code: "unsupported",
    hint: "take the connections from `ClusterMember`s: `connections: members.map(m => m.connection)`",
  });
}

function waitUntilSeen({ name }: OverlayNetworkInputs, id: string, host: string, docker: DockerApi, task: Task) {
  return waitFor(
    async () => {
      const network = await unlessNotFound(docker.networks.inspect(name));
      if (network?.Id === id) return { done: network };
      return { seen: network ? `another network of that name, ${network.Id}` : "no such network" };
    },
    {
      what: `host ${host} to see the network "${name}"`,
      deadline: task.deadline,
      hint: "is the host a member of the same cluster?",
    },
  );
}
