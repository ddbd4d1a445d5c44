import type { DockerApi } from "../docker/api";
import type { Container } from "../docker/containerTypes";
import { unlessNotFound } from "../docker/errors";
import { connectWhereFree, sameEndpoint } from "../docker/sameEndpoint";
import type { EndpointConfig } from "../docker/types";
import { unshownEndpoints } from "../docker/unshownEndpoints";
import type { Gate } from "../run/gates";

/** How often a container is connected anew: an engine may have several threads that do not reach its store. */
const TRIES = 5;
/** How often its network is asked for its address: such a thread finds nobody on it. */
const LOOKS = 3;

export interface ShowOptions {
  /** The container's: one at a time connects it anew. */
  gate: Gate;
  /** The only network that counts. Default all. */
  only?: string;
  /** Is told each network before anything is done. */
  onUnshown?: (network: string) => void;
  /** Is told the address that it had, where it has another one now. */
  onMoved?: (network: string, had: string) => void;
}

/**
 * Connects a container anew until its engine shows its endpoints, or that was in vain some times; with the same aliases, at
 * the same addresses where they are free. Returns it as it is then.
 */
export async function showEndpoints(
  docker: DockerApi,
  container: Container,
  { gate, only, onUnshown, onMoved }: ShowOptions,
): Promise<Container> {
  const unshownOf = (one: Container) => unshownEndpoints(one).filter((network) => network === (only ?? network));
  if (unshownOf(container).length === 0) return container;
  return await gate.exclusive(async () => {
    let now = await docker.containers.inspect(container.Id);
    const wanted = new Map<string, Wanted>();
    for (let tries = 1; tries <= TRIES; tries++) {
      const unshown = unshownOf(now);
      for (const network of unshown) {
        if (!wanted.has(network)) onUnshown?.(network);
        const config = wanted.get(network) ?? (await wantedOn(docker, now, network));
        wanted.set(network, config);
        await connectAnew(docker, now.Id, network, config);
      }
      if (unshown.length === 0) break;
      now = await docker.containers.inspect(now.Id);
    }
    for (const [network, { address }] of wanted) {
      const { IPAddress = "" } = now.NetworkSettings.Networks[network] ?? {};
      if (address !== "" && IPAddress !== "" && IPAddress !== address) onMoved?.(network, address);
    }
    return now;
  });
}

/** Connects a container in such a way that its engine shows the endpoint. */
export async function connectShown(
  docker: DockerApi,
  { id, name }: { id: string; name: string },
  container: string,
  config: EndpointConfig,
  gate: Gate,
): Promise<void> {
  await docker.networks.connect(id, container, config, { known: true });
  await showEndpoints(docker, await docker.containers.inspect(container), { gate, only: name });
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

/** Where the engine finds no endpoint to take away, or takes none away since it finds none, the next try does. */
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
