import type { DockerApi } from "../../docker/api";
import type { Container, ContainerCreate } from "../../docker/containerTypes";
import { unlessNotFound } from "../../docker/errors";
import { CrosshostError, isCode } from "../../errors";
import type { Task } from "../../lifecycle";
import { ignoreMissing, isMadeFrom, isOwnedBy, ownershipLabels, requireOwned } from "./owned";

export interface WantedContainer {
  owner: string;
  name: string;
  /** What it is made from, labels of ours aside. A container of ours made from anything else is made anew. */
  config: ContainerCreate;
  /** Beside the config, and changed in place: the network it is made on, and when it restarts. */
  inPlace?: Pick<ContainerCreate, "HostConfig" | "NetworkingConfig">;
}

/**
 * The container, made from this config: an existing one of ours if it is, else a new one in its place. Not started.
 */
export async function ensureContainer(
  docker: DockerApi,
  host: string,
  wanted: WantedContainer,
  task: Task,
): Promise<Container> {
  const { owner, name, config, inPlace } = wanted;
  const ownership = { owner, spec: config };
  const existing = await unlessNotFound(docker.containers.inspect(name));
  if (existing) {
    requireOwned(host, `the container "${name}"`, owner, existing.Config.Labels);
    task.touching();
    if (isMadeFrom(ownership, existing.Config.Labels)) return existing;
  }
  await ensureImage(docker, host, config.Image, task);
  task.touching();
  if (existing?.State.Running) await docker.containers.stop(existing.Id);
  if (existing) await ignoreMissing(docker.containers.remove(existing.Id, { force: true }));
  const { Id } = await docker.containers.create(name, {
    ...config,
    Labels: { ...config.Labels, ...ownershipLabels(ownership) },
    HostConfig: { ...config.HostConfig, ...inPlace?.HostConfig },
    NetworkingConfig: inPlace?.NetworkingConfig,
  });
  return docker.containers.inspect(Id);
}

/** Pulls an image that the host does not have, saying so. */
async function ensureImage(docker: DockerApi, host: string, image: string, { run }: Task): Promise<void> {
  if (await unlessNotFound(docker.images.inspect(image))) return;
  run.progress(host, `pulling ${image}`);
  try {
    await docker.images.pull(image);
  } catch (error) {
    if (!isCode(error, "docker-refused", "not-found")) throw error;
    const hint = "is the name right, and does the host reach the registry? `docker pull` on that host shows the same";
    throw new CrosshostError((error as Error).message, { code: (error as CrosshostError).code, hint, cause: error });
  }
}

/** Kills and removes a container of ours, with its anonymous volumes; what is gone or somebody else's is left alone. */
export async function removeContainer(docker: DockerApi, name: string, owner: string): Promise<void> {
  const existing = await unlessNotFound(docker.containers.inspect(name));
  if (!existing || !isOwnedBy(owner, existing.Config.Labels)) return;
  await ignoreMissing(docker.containers.remove(existing.Id, { force: true, volumes: true }));
}
