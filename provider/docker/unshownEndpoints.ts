import type { DockerApi } from "./api";
import type { Container, ContainerState } from "./containerTypes";
import { connectWhereFree, sameEndpoint } from "./sameEndpoint";
import type { EndpointConfig } from "./types";

/** How often a container is connected anew: an engine may have several threads that do not reach its store. */
const TRIES = 5;

/**
 * The names of the networks that a container is on without its engine showing an endpoint, an address or even the network's
 * id. Docker 20.10 writes down what its store says of an endpoint that it has just made, and nothing at all where it asks for
 * that on a thread that has no network (`strayThread.ts`): packets flow, but whoever asks the engine finds no endpoint. Seen
 * on the lab in 2 of some 320 starts on an engine that had such threads. Source: Docker 20.10, `daemon/network.go`
 * (buildEndpointInfo); libnetwork, `endpoint_info.go` (Info).
 */
export function unshownEndpoints({
  State,
  NetworkSettings,
}: {
  State: Pick<ContainerState, "Running" | "Restarting">;
  NetworkSettings: Pick<Container["NetworkSettings"], "Networks">;
}): string[] {
  // Between two starts it has none.
  if (!State.Running || State.Restarting) return [];
  const endpoints = Object.entries(NetworkSettings.Networks);
  return endpoints.filter(([, { EndpointID }]) => EndpointID === "").map(([network]) => network);
}

/**
 * Connects a container anew until its engine shows all of its endpoints, or that was in vain some times; at the same
 * addresses, with the same aliases. Returns it as it is then; `onUnshown` is told each network before anything is done.
 */
export async function showEndpoints(
  docker: DockerApi,
  container: Container,
  onUnshown?: (network: string) => void,
): Promise<Container> {
  let now = container;
  for (let tries = 1; tries <= TRIES; tries++) {
    const unshown = unshownEndpoints(now);
    if (unshown.length === 0) break;
    if (tries === 1) for (const network of unshown) onUnshown?.(network);
    for (const network of unshown) await connectAnew(docker, now, network);
    now = await docker.containers.inspect(now.Id);
  }
  return now;
}

/** Connects a container in such a way that its engine shows the endpoint. */
export async function connectShown(
  docker: DockerApi,
  network: string,
  container: string,
  config: EndpointConfig,
): Promise<void> {
  await docker.networks.connect(network, container, config, { known: true });
  await showEndpoints(docker, await docker.containers.inspect(container));
}

/** The network knows the address that the container's own record lacks. */
async function connectAnew(docker: DockerApi, { Id, NetworkSettings }: Container, network: string): Promise<void> {
  const endpoint = NetworkSettings.Networks[network]!;
  const { Containers } = await docker.networks.inspect(network);
  const [IPAddress = ""] = (Containers?.[Id]?.IPv4Address ?? "").split("/");
  await docker.networks.disconnect(network, Id, { known: true });
  const [had, asked] = [sameEndpoint({ ...endpoint, IPAddress }, Id), sameEndpoint(endpoint, Id)];
  await connectWhereFree(docker, network, Id, { had, asked });
}
