import type { DockerApi } from "../docker/api";
import { unlessNotFound } from "../docker/errors";
import type { Network } from "../docker/types";
import { openStoreOfEngine } from "../engine/engineStore";
import { isCode } from "../errors";
import type { Host } from "../ssh/host";

/** A network as one host's engine shows it. */
export interface View {
  /** The host's id. */
  host: string;
  reached: Host;
  docker: DockerApi;
  network: Network;
}

/** An endpoint that the store has and no host runs. */
export interface Abandoned {
  name: string;
  id: string;
  /** The host whose engine still counts it among its own, though it has no such container: proof that it is dead. */
  deadOn?: string;
  /** A view that shows it as another host's: only there it can be taken off, the engine that has it can die of that. */
  from?: View;
}

/**
 * The endpoints that the store has, but none of these hosts: they are of hosts that could not be reached, or of containers
 * that are no more, and would keep the network, and their names, for ever. Every engine shows the endpoints of others as
 * `ep-<id>`.
 */
export async function abandonedEndpoints(views: readonly View[]): Promise<Abandoned[]> {
  const running = new Set<string>();
  const found = new Map<string, Abandoned>();
  const locals = views.flatMap(({ host, docker, network }) =>
    Object.entries(network.Containers ?? {})
      .filter(([id]) => !id.startsWith("ep-"))
      .map(([container, endpoint]) => ({ host, docker, container, endpoint })),
  );
  const isThere = await Promise.all(
    locals.map(({ docker, container }) => unlessNotFound(docker.containers.inspect(container))),
  );
  locals.forEach(({ host, endpoint: { EndpointID: id, Name: name } }, i) => {
    if (isThere[i]) running.add(id);
    else found.set(id, { name, id, deadOn: host });
  });
  for (const view of views) {
    for (const [key, { EndpointID: id, Name: name }] of Object.entries(view.network.Containers ?? {})) {
      if (!key.startsWith("ep-") || running.has(id)) continue;
      found.set(id, { name, id, ...found.get(id), from: view });
    }
  }
  return [...found.values()];
}

/** The engines of the cluster that are none of these: where an endpoint may be that was not found here. */
export async function otherEngines(views: readonly Omit<View, "network">[]): Promise<string[]> {
  const infos = await Promise.all(views.map(({ docker }) => docker.engine.info()));
  const asked = infos.map(({ ClusterAdvertise }) => ClusterAdvertise);
  const url = infos[0]?.ClusterStore;
  if (!url) return ["unknown ones (its engine is in no cluster)"];
  try {
    const nodes = await (await openStoreOfEngine(url, views[0]!.reached)).nodes();
    // With `kv.path` engines register elsewhere, and a list that lacks those asked is no list of all.
    if (!asked.every((engine) => engine !== undefined && nodes.includes(engine))) {
      return ["unknown ones (the engines asked are not registered where it was looked)"];
    }
    return nodes.filter((node) => !asked.includes(node));
  } catch (error) {
    if (!isCode(error, "unsupported", "not-ready")) throw error;
    return [`unknown ones (${(error as Error).message})`];
  }
}

/** Takes an abandoned endpoint out of the store; answers whether that can be done from here. */
export async function takeOff({ name, from }: Abandoned): Promise<boolean> {
  if (!from) return false;
  await from.docker.networks.disconnect(from.network.Id, name, { force: true });
  return true;
}
