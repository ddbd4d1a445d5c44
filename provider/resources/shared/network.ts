import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import type { IpamConfig as DockerIpamConfig, Network, NetworkCreate } from "../../docker/types";
import { CrosshostError, isCode } from "../../errors";
import { Deadline, waitFor } from "../../wait";
import { ignoreMissing, isMadeFrom, isOfSameStack, ownershipLabels, requireOwned } from "./owned";
import type { IpamConfig } from "./schema";

export function toDocker({ subnet, gateway, ipRange }: IpamConfig): DockerIpamConfig {
  return {
    Subnet: subnet,
    ...(gateway === undefined ? {} : { Gateway: gateway }),
    ...(ipRange === undefined ? {} : { IPRange: ipRange }),
  };
}

/** The network, made from this spec: an existing one of ours if it is, else a new one in its place. */
export async function ensureNetwork(
  docker: DockerApi,
  host: string,
  owner: string,
  spec: NetworkCreate,
  touching: () => void,
): Promise<string> {
  const ownership = { owner, spec };
  const existing = await unlessNotFound(docker.networks.inspect(spec.Name));
  if (existing) {
    requireOwned(host, `the network "${spec.Name}"`, owner, existing.Labels);
    touching();
    if (isMadeFrom(ownership, existing.Labels)) return existing.Id;
  }
  touching();
  if (existing) await removeNetwork([{ host, docker, network: existing }], owner);
  const { Id } = await docker.networks.create({ ...spec, Labels: { ...spec.Labels, ...ownershipLabels(ownership) } });
  return Id;
}

/** One host's view of a network. */
export interface NetworkOnHost {
  host: string;
  docker: DockerApi;
  network: Network;
}

/** How long an engine may take to clean up after endpoints that are gone. */
const CLEAN_UP_PATIENCE = 10_000;

/**
 * Detaches this stack's containers from a network, on every host given, and removes it through the first; names what
 * else is on it, with nothing touched then.
 */
export async function removeNetwork(views: readonly NetworkOnHost[], owner: string): Promise<void> {
  const [first] = views;
  if (!first) return;
  const endpoints = (await Promise.all(views.map((view) => localEndpoints(view, owner)))).flat();
  const foreign = endpoints.filter(({ isOurs }) => !isOurs).map(({ host, name }) => `${name} (host ${host})`);
  if (foreign.length > 0) {
    throw new CrosshostError(
      `host ${first.host}: the network "${first.network.Name}" cannot be removed: still on it: ${foreign.join(", ")}`,
      { code: "in-use", hint: "disconnect or remove them first; this stack did not make them" },
    );
  }
  for (const { docker, network, container } of endpoints) {
    await ignoreMissing(docker.networks.disconnect(network, container, { force: true }));
  }
  await waitFor<true>(
    async () => {
      try {
        await ignoreMissing(first.docker.networks.remove(first.network.Id));
        return { done: true };
      } catch (error) {
        if (isCode(error, "in-use")) return { seen: (error as Error).message };
        throw error;
      }
    },
    {
      what: `the network "${first.network.Name}" to have no endpoints`,
      deadline: new Deadline(CLEAN_UP_PATIENCE),
      hint: "`docker network inspect` on each host shows whose they are",
    },
  );
}

/** Who is on a network on one host; the endpoints of other hosts show here only as `ep-<id>`. */
async function localEndpoints({ host, docker, network }: NetworkOnHost, owner: string) {
  const ids = Object.keys(network.Containers ?? {}).filter((id) => !id.startsWith("ep-"));
  const containers = await Promise.all(ids.map((id) => unlessNotFound(docker.containers.inspect(id))));
  return containers
    .filter((container) => container !== undefined)
    .map((container) => ({
      host,
      docker,
      network: network.Id,
      container: container.Id,
      name: container.Name.replace(/^\//, ""),
      isOurs: isOfSameStack(owner, container.Config.Labels),
    }));
}
