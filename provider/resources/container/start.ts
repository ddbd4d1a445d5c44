import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import { unlessNotFound } from "../../docker/errors";
import { isAfterStrayThread } from "../../docker/strayThread";
import type { Network } from "../../docker/types";
import { CrosshostError } from "../../errors";
import type { Task } from "../../lifecycle";
import { healStrays } from "../../proof/strays";
import type { ContainerInputs } from "./inputs";
import { LeftEndpoint } from "./leftEndpoint";

type Target = Pick<ContainerInputs, "host" | "connection">;

/**
 * Starts a container whose endpoints no other container of the cluster has by the same names. An endpoint of that name may
 * have been left by a host that died; then it is taken away.
 */
export async function startContainer(
  docker: DockerApi,
  target: Target,
  container: Container,
  task: Task,
): Promise<void> {
  const name = container.Name.slice(1);
  await requireFreeNames(docker, target, container, task);
  try {
    await start(docker, name, task);
  } catch (error) {
    const network = networkOfEndpointInTheWay(error);
    if (network === undefined) throw error;
    // It was not there a moment ago, and this was not the first try: that one made it.
    if (isAfterStrayThread(error)) throw new LeftEndpoint(error as Error, network, name);
    // An engine that could not ask its store then has shown only what it has itself.
    await requireFreeNames(docker, target, container, task);
    await start(docker, name, task);
  }
}

async function requireFreeNames(
  docker: DockerApi,
  { host, connection }: Target,
  container: Container,
  task: Task,
): Promise<void> {
  const name = container.Name.slice(1);
  const networks = Object.keys(container.NetworkSettings.Networks);
  const look = (network: string) => unlessNotFound(docker.networks.inspect(network));
  const isTaken = (seen: Network | undefined) => {
    // An engine may show as its own what it could not take out of the store when that container was removed.
    const isOther = (id: string) => id.startsWith("ep-") || (seen?.Driver === "overlay" && id !== container.Id);
    return Object.entries(seen?.Containers ?? {}).some(([id, { Name }]) => Name === name && isOther(id));
  };
  for (const taken of await Promise.all(networks.map(look))) {
    if (!taken || !isTaken(taken)) continue;
    if ((await healStrays(taken, connection, task, { name })).healed.length > 0) continue;
    // The proof of another container may have taken it away meanwhile.
    if (!isTaken(await look(taken.Id))) continue;
    throw new CrosshostError(`host ${host}: the network "${taken.Name}" has an endpoint "${name}" already`, {
      code: "conflict",
      hint: `on an overlay, containers of all its hosts need different names; if no host has such a container, docker network disconnect -f ${taken.Name} ${name} takes the endpoint away`,
    });
  }
}

async function start(docker: DockerApi, name: string, { run }: Task): Promise<void> {
  try {
    run.started.add(name);
    // By its name, which is what a refusal tells the user.
    await docker.containers.start(name);
  } catch (error) {
    run.started.delete(name);
    throw error;
  }
}

function networkOfEndpointInTheWay(error: unknown): string | undefined {
  return /endpoint with name \S+ already exists in network (\S+)/.exec((error as Error).message)?.[1];
}

export function hasNeverRun({ State }: Container): boolean {
  return State.StartedAt.startsWith("0001-");
}
