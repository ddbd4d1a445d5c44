import type { DockerApi } from "../docker/api";
import type { Container } from "../docker/containerTypes";
import { unlessNotFound } from "../docker/errors";
import { connectWhereFree, sameEndpoint } from "../docker/sameEndpoint";
import type { EndpointConfig } from "../docker/types";
import { unshownEndpoints } from "../docker/unshownEndpoints";

/** How often a container is connected anew: an engine may have several threads that do not reach its store. */
const TRIES = 5;
/** How often its network is asked for its address: such a thread finds nobody on it. */
const LOOKS = 3;

export interface ShowOptions {
  /** The only network that counts. Default all. */
  only?: string;
  /** Is told each network before anything is done. */
  onUnshown?: (network: string) => void;
  /** Is told the address that it had, where it has another one now. */
  onMoved?: (network: string, had: string) => void;
}

/**
 * Connects a container anew until its engine shows its endpoints, or that was in vain some times; with the same aliases, at
 * the same addresses where they are free. Returns it as it is then. Fails where it is left off a network. For who has the
 * container alone.
 */
export async function showEndpoints(
  docker: DockerApi,
  container: Container,
  { only, onUnshown, onMoved }: ShowOptions = {},
): Promise<Container> {
  let now = container;
  let failure: unknown;
  const wanted = new Map<string, Wanted>();
  const isOff = (network: string) => !(network in now.NetworkSettings.Networks);
  for (let tries = 1; tries <= TRIES; tries++) {
    const unshown = unshownEndpoints(now).filter((network) => network === (only ?? network));
    const open = [...unshown, ...[...wanted.keys()].filter(isOff)];
    if (open.length === 0) break;
    for (const network of open) {
      if (!wanted.has(network)) {
        onUnshown?.(network);
        wanted.set(network, await wantedOn(docker, now, network));
      }
      try {
        await connectAnew(docker, now.Id, network, wanted.get(network)!);
      } catch (error) {
        failure = error;
      }
    }
    now = await docker.containers.inspect(now.Id);
  }
  if ([...wanted.keys()].some(isOff)) throw failure;
  for (const [network, { address }] of wanted) {
    const { IPAddress } = now.NetworkSettings.Networks[network]!;
    if (address !== "" && IPAddress !== "" && IPAddress !== address) onMoved?.(network, address);
  }
  return now;
}

/** Connects a container in such a way that its engine shows the endpoint. For who has it alone. */
export async function connectShown(
  docker: DockerApi,
  { id, name }: { id: string; name: string },
  container: string,
  config: EndpointConfig,
): Promise<void> {
  await docker.networks.connect(id, container, config, { known: true });
  await showEndpoints(docker, await docker.containers.inspect(container), { only: name });
}

/** What a container is to ask for: what it had, at the address that its network knows, or what it asked for before. */
interface Wanted {
  had: EndpointConfig;
  asked: EndpointConfig;
  /** Empty where the network does not know it either. */
  address: string;
}

async function wantedOn(docker: DockerApi, { Id, NetworkSettings }: Container, network: string): Promise<Wanted> {
  const endpoint = NetworkSettings.Networks[network]!;
  let IPAddress = "";
  for (let looks = 1; looks <= LOOKS && IPAddress === ""; looks++) {
    const seen = await unlessNotFound(docker.networks.inspect(network));
    IPAddress = seen?.Containers?.[Id]?.IPv4Address.split("/")[0] ?? "";
  }
  return { had: sameEndpoint({ ...endpoint, IPAddress }, Id), asked: sameEndpoint(endpoint, Id), address: IPAddress };
}

/** Where the engine finds no endpoint to take away, or makes none since it finds one, the next try may do better. */
async function connectAnew(docker: DockerApi, container: string, network: string, wanted: Wanted): Promise<void> {
  await unlessSaid(/is not connected to/, docker.networks.disconnect(network, container, { known: true }));
  await unlessSaid(/endpoint with name \S+ already exists/, connectWhereFree(docker, network, container, wanted));
}

async function unlessSaid(what: RegExp, done: Promise<void>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (!what.test((error as Error).message)) throw error;
  }
}
