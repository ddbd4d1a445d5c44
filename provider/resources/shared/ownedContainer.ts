import type { DockerApi } from "../../docker/api";
import type { Container, ContainerCreate } from "../../docker/containerTypes";
import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { ensureImage, type PullWishes } from "./image";
import { belongsTo, ignoreMissing, isMadeFrom, ownershipLabels, requireOwned } from "./owned";

export interface WantedContainer {
  owner: string;
  name: string;
  /** What it is made from, labels of ours aside. A container of ours made from anything else is made anew. */
  config: ContainerCreate;
  /** What else it is made from that no create payload has. */
  beside?: Record<string, unknown>;
  /** Beside the config, and changed in place: the network it is made on, its limits, and when it restarts. */
  inPlace?: Pick<ContainerCreate, "HostConfig" | "NetworkingConfig">;
  /** Added to command and environment, and of no account to one that is there: what it reads at its first start alone. */
  firstStart?: { Cmd?: string[]; Env?: string[] };
  /** How its image is come by. */
  pull?: PullWishes;
  /** Where somebody else's container can be taken over. */
  adoption?: Adoption;
}

export interface Adoption {
  /** The ids of containers that were taken over before. */
  ids: readonly string[];
  /** Whether it is to be done now; it fails where the container differs from what is wanted. */
  takeOver?(container: Container): Promise<void>;
}

export interface EnsuredContainer {
  container: Container;
  /** Whether it was made just now. */
  isNew: boolean;
}

/**
 * The container, made from this config: an existing one of ours if it is, else a new one in its place. Not started.
 */
export async function ensureContainer(
  docker: DockerApi,
  host: string,
  wanted: WantedContainer,
  task: Task,
): Promise<EnsuredContainer> {
  const { owner, name, config, beside, inPlace, pull, firstStart = {} } = wanted;
  const ownership = { owner, spec: { ...config, ...beside } };
  const existing = await unlessNotFound(docker.containers.inspect(name));
  if (existing) {
    const taken = await takeOver(host, existing, wanted);
    task.touching();
    if (taken || isMadeFrom(ownership, existing.Config.Labels)) return { container: existing, isNew: false };
  }
  await ensureImage(docker, host, config.Image, task, pull);
  task.touching();
  if (existing?.State.Running) await docker.containers.stop(existing.Id);
  if (existing) await ignoreMissing(docker.containers.remove(existing.Id, { force: true }));
  const { Id, Warnings } = await docker.containers.create(name, {
    ...config,
    ...(firstStart.Cmd ? { Cmd: [...(config.Cmd ?? []), ...firstStart.Cmd] } : {}),
    ...(firstStart.Env ? { Env: [...(config.Env ?? []), ...firstStart.Env] } : {}),
    Labels: { ...config.Labels, ...ownershipLabels(ownership) },
    HostConfig: { ...config.HostConfig, ...inPlace?.HostConfig },
    NetworkingConfig: inPlace?.NetworkingConfig,
  });
  for (const warning of Warnings ?? []) task.run.progress(host, `warning: container "${name}": ${warning}`);
  return { container: await docker.containers.inspect(Id), isNew: true };
}

/** Whether an existing container is one that somebody else made and is ours now; one that is not to be ours is refused. */
async function takeOver(
  host: string,
  existing: Container,
  { owner, name, adoption }: WantedContainer,
): Promise<boolean> {
  const { Id, Config } = existing;
  if (belongsTo(owner, [], { id: Id, labels: Config.Labels })) return false;
  if (adoption?.ids.includes(Id)) return true;
  if (!adoption?.takeOver) {
    requireOwned(host, `the container "${name}"`, owner, Config.Labels, { canBeAdopted: adoption !== undefined });
    return false;
  }
  await adoption.takeOver(existing);
  return true;
}

export interface Removal {
  /** How long it is given to end by itself before it is killed, in seconds. Default 0. */
  graceSeconds?: number;
  /** Whether its anonymous volumes go with it. Default true. */
  volumes?: boolean;
  adoptedIds?: readonly string[];
}

/** Removes a container of ours, running or not; what is gone or somebody else's is left alone. */
export async function removeContainer(
  docker: DockerApi,
  name: string,
  owner: string,
  { graceSeconds = 0, volumes = true, adoptedIds }: Removal = {},
): Promise<void> {
  const existing = await unlessNotFound(docker.containers.inspect(name));
  if (!existing || !belongsTo(owner, adoptedIds, { id: existing.Id, labels: existing.Config.Labels })) return;
  const { Running, Paused } = existing.State;
  // One that is paused cannot hear that it is to end.
  if (Running && !Paused && graceSeconds > 0) await ignoreMissing(docker.containers.stop(existing.Id, graceSeconds));
  await ignoreMissing(docker.containers.remove(existing.Id, { force: true, volumes }));
}
