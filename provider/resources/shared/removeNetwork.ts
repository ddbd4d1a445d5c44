import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import { unlessNotFound } from "../../docker/errors";
import { sameEndpoint } from "../../docker/sameEndpoint";
import type { EndpointConfig, Network } from "../../docker/types";
import { CrosshostError, isCode } from "../../errors";
import { type Clock, Deadline, systemClock, waitFor } from "../../wait";
import { ignoreMissing, isOfSameStack } from "./owned";

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
  /** Its id. */
  container: string;
  name: string;
  endpoint: EndpointConfig;
}

/**
 * Detaches this stack's containers from a network, on every host given, and removes it through the first; names what
 * else is on it, with nothing touched then. `beforeDetaching` hears who they are.
 */
export async function removeNetwork(
  views: readonly NetworkOnHost[],
  owner: string,
  {
    beforeDetaching = async () => {},
    clock = systemClock,
  }: { beforeDetaching?: (containers: readonly Detached[]) => Promise<void>; clock?: Clock } = {},
): Promise<void> {
  const [first] = views;
  if (!first) return;
  const endpoints = await requireNoForeignEndpoints(views, owner);
  await beforeDetaching(endpoints.map(({ container, name, endpoint }) => ({ container, name, endpoint })));
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
      deadline: new Deadline(CLEAN_UP_PATIENCE, clock),
      hint: "`docker network inspect` on each host shows whose they are",
    },
  );
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
