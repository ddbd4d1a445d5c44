import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import { unlessNotFound } from "../../docker/errors";
import { sameEndpoint } from "../../docker/sameEndpoint";
import type { IpamConfig as DockerIpamConfig, EndpointConfig, Network, NetworkCreate } from "../../docker/types";
import { CrosshostError, isCode } from "../../errors";
import { Deadline, waitFor } from "../../wait";
import { differencesFrom } from "./networkDifferences";
import { ignoreMissing, isMadeFrom, isOfSameStack, isOwnedBy, ownershipLabels, requireOwned } from "./owned";
import type { IpamConfig } from "./schema";

export function toDocker({ subnet, gateway, ipRange, auxAddress }: IpamConfig): DockerIpamConfig {
  return {
    Subnet: subnet,
    ...(gateway === undefined ? {} : { Gateway: gateway }),
    ...(ipRange === undefined ? {} : { IPRange: ipRange }),
    ...(auxAddress === undefined ? {} : { AuxiliaryAddresses: auxAddress }),
  };
}

/** A network as a resource wants it on a host, or through it. */
export interface WantedNetwork {
  owner: string;
  spec: NetworkCreate;
  /** Whether one of that name that somebody else made is taken over where it is what `spec` makes. */
  adopt?: boolean;
  /** Ids of networks that were taken over earlier. */
  adoptedIds?: readonly string[];
  /** What has to hold before a new one is made; throws where it does not. */
  beforeCreate?: () => Promise<void>;
}

export interface EnsuredNetwork {
  id: string;
  isAdopted: boolean;
}

/** The network, made from this spec: an existing one of ours if it is, else a new one in its place. */
export async function ensureNetwork(
  docker: DockerApi,
  host: string,
  wanted: WantedNetwork,
  touching: () => void,
): Promise<EnsuredNetwork> {
  const { owner, spec, adopt = false, adoptedIds, beforeCreate } = wanted;
  const ownership = { owner, spec };
  const existing = await unlessNotFound(docker.networks.inspect(spec.Name));
  if (existing && !isOwnedBy(owner, existing.Labels)) {
    if (adoptedIds?.includes(existing.Id)) return { id: existing.Id, isAdopted: true };
    if (!adopt) requireOwned(host, `the network "${spec.Name}"`, owner, existing.Labels, { canBeAdopted: true });
    requireSame(host, spec, existing);
    touching();
    return { id: existing.Id, isAdopted: true };
  }
  if (existing) {
    touching();
    if (isMadeFrom(ownership, existing.Labels)) return { id: existing.Id, isAdopted: false };
  }
  await beforeCreate?.();
  touching();
  if (existing) await removeNetwork([{ host, docker, network: existing }], owner);
  const { Id } = await docker.networks.create({ ...spec, Labels: { ...spec.Labels, ...ownershipLabels(ownership) } });
  return { id: Id, isAdopted: false };
}

function requireSame(host: string, spec: NetworkCreate, network: Network): void {
  const differences = differencesFrom(spec, network);
  if (differences.length === 0) return;
  throw new CrosshostError(
    `host ${host}: the network "${spec.Name}" cannot be taken over, since it is another: ${differences.join("; ")}`,
    { code: "foreign", hint: "none of this can be changed in a network that exists: change the program, or remove it" },
  );
}

/** One host's view of a network. */
export interface NetworkOnHost {
  host: string;
  docker: DockerApi;
  network: Network;
}

/** How long an engine may take to clean up after endpoints that are gone. */
const CLEAN_UP_PATIENCE = 10_000;

/** A container that was taken off a network, and what gives it the same endpoint again. */
export interface Detached {
  container: string;
  name: string;
  endpoint: EndpointConfig;
}

/**
 * Detaches this stack's containers from a network, on every host given, and removes it through the first; names what
 * else is on it, with nothing touched then. Returns who was detached.
 */
export async function removeNetwork(views: readonly NetworkOnHost[], owner: string): Promise<Detached[]> {
  const [first] = views;
  if (!first) return [];
  const endpoints = await requireNoForeignEndpoints(views, owner);
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
  return endpoints;
}

/** This stack's endpoints on a network, on every host given; fails where there are others, naming them. */
export async function requireNoForeignEndpoints(views: readonly NetworkOnHost[], owner: string) {
  const endpoints = (await Promise.all(views.map((view) => localEndpoints(view, owner)))).flat();
  const foreign = endpoints.filter(({ isOurs }) => !isOurs).map(({ host, name }) => `${name} (host ${host})`);
  if (foreign.length === 0) return endpoints;
  const [first] = views as [NetworkOnHost];
  throw new CrosshostError(
    `host ${first.host}: the network "${first.network.Name}" cannot be removed: still on it: ${foreign.join(", ")}`,
    { code: "in-use", hint: "disconnect or remove them first; this stack did not make them" },
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
      endpoint: endpointOn(network.Id, container),
      isOurs: isOfSameStack(owner, container.Config.Labels),
    }));
}

function endpointOn(network: string, { Id, NetworkSettings }: Container): EndpointConfig {
  const endpoint = Object.values(NetworkSettings.Networks).find(({ NetworkID }) => NetworkID === network);
  return endpoint ? sameEndpoint(endpoint, Id) : {};
}
