import type { DockerApi } from "../docker/api";
import { unlessNotFound } from "../docker/errors";
import type { Network } from "../docker/types";
import { openStoreOfEngine } from "../engine/engineStore";
import { isCode } from "../errors";
import type { Host } from "../ssh/host";
import { tunnelOf } from "./facts";
import { locatorsOf } from "./locator";

/** A network as one host's engine shows it. */
export interface View {
  /** The host's id. */
  host: string;
  reached: Host;
  docker: DockerApi;
  network: Network;
}

/** An endpoint that the store has and none of these hosts runs. */
export interface Abandoned {
  name: string;
  id: string;
  /** The address that the engine advertises which made it; undefined where the store does not tell. */
  locator: string | undefined;
  /** The host of that engine, where it was asked and has no such container: proof that it is dead. */
  deadOn: string | undefined;
  /** A view of another engine, through which it can be taken off: the one that has it can die of that. */
  from: View | undefined;
}

/** Endpoints of these ids, or all; of these names, or all. */
export interface Which {
  ids?: ReadonlySet<string>;
  name?: string;
}

/**
 * The endpoints that the store has, but none of these hosts: they are of hosts that could not be reached, or of containers
 * that are no more, and would keep the network, and their names, for ever. Every engine shows the endpoints of others as
 * `ep-<id>`, and its own, too, while it has no sandbox for them.
 */
export async function abandonedEndpoints(views: readonly View[], { ids, name }: Which = {}): Promise<Abandoned[]> {
  const shown = views.flatMap((view) =>
    Object.entries(view.network.Containers ?? {})
      .map(([key, endpoint]) => ({ view, key, id: endpoint.EndpointID, name: endpoint.Name }))
      .filter((one) => (ids?.has(one.id) ?? true) && (name === undefined || one.name === name)),
  );
  const locals = shown.filter(({ key }) => !key.startsWith("ep-"));
  const isThere = await Promise.all(locals.map(({ view, key }) => unlessNotFound(view.docker.containers.inspect(key))));
  const running = new Set(locals.filter((_, i) => isThere[i]).map(({ id }) => id));
  const rest = new Map(shown.filter(({ id }) => !running.has(id)).map((one) => [one.id, one]));
  const locators = await locatorsOf(views, [...rest.keys()]);
  const tunnels = await Promise.all(views.map(tunnelOf));
  const found = await Promise.all(
    [...rest.values()].map(async ({ id, name }): Promise<Abandoned[]> => {
      const locator = locators.get(id);
      // Whoever shows it with a container has made it, whatever the store says.
      const home =
        views.find((_, i) => locator !== undefined && tunnels[i] === locator) ??
        locals.find((local) => local.id === id)?.view;
      if (home && (await runs(home, id, name))) return [];
      const others = views.filter((view) => view !== home && view.network.Containers?.[`ep-${id}`]);
      const named = await Promise.all(others.map(({ docker }) => unlessNotFound(docker.containers.inspect(name))));
      // Where there is a container of that name, it is this one that would be disconnected.
      return [{ name, id, locator, deadOn: home?.host, from: others.find((_, i) => !named[i]) }];
    }),
  );
  return found.flat();
}

/** Whether an engine has the container of an endpoint. One that is just being started or connected is waited for. */
async function runs({ docker }: View, id: string, name: string): Promise<boolean> {
  const container = await unlessNotFound(docker.containers.inspect(name));
  return Object.values(container?.NetworkSettings.Networks ?? {}).some(({ EndpointID }) => EndpointID === id);
}

/** Why it cannot be told that an endpoint is dead. */
export function whyNotDead({ locator }: Abandoned): string {
  return locator === undefined
    ? "the store does not tell which engine made it"
    : `it is of the engine at ${locator}, which was not asked`;
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
  // Somebody else may have taken it off at the same moment.
  await unlessNotFound(from.docker.networks.disconnect(from.network.Id, name, { force: true, known: true }));
  return true;
}
