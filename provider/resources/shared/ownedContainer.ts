import type { DockerApi } from "../../docker/api";
import type { Container, ContainerCreate } from "../../docker/containerTypes";
import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { ensureImage } from "./image";
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

/** Kills and removes a container of ours, with its anonymous volumes; what is gone or somebody else's is left alone. */
export async function removeContainer(docker: DockerApi, name: string, owner: string): Promise<void> {
  const existing = await unlessNotFound(docker.containers.inspect(name));
  if (!existing || !isOwnedBy(owner, existing.Config.Labels)) return;
  await ignoreMissing(docker.containers.remove(existing.Id, { force: true, volumes: true }));
}
