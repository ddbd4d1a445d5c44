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
  /** What else it is made from that no create payload has; asked for only where that counts. */
  beside?(): Promise<Record<string, unknown>>;
  /** Beside the config, and changed in place: the network it is made on, its limits, and when it restarts. */
  inPlace?: Pick<ContainerCreate, "HostConfig" | "NetworkingConfig">;
  /** Added to command and environment, and of no account to one that is there: what it reads at its first start alone. */
  firstStart?: { Cmd?: string[]; Env?: string[] };
  /** How its image is come by. */
  pull?: PullWishes;
  /** Where somebody else's container can be taken over. */
  adoption?: Adoption;
  /** The id of the one that state knows: it stays, whatever it was made from, since no preview has said otherwise. */
  knownId?: string;
  /** How one goes that is made anew. Default: in its own time, and its anonymous volumes stay. */
  removal?: Leaving;
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
  const { owner, name, config, inPlace, pull, firstStart = {} } = wanted;
  const existing = await findContainer(docker, name, wanted.knownId);
  const isKept = existing && ((await takeOver(host, existing, wanted)) || existing.Id === wanted.knownId);
  const ownership = { owner, spec: { ...config, ...(isKept ? {} : await wanted.beside?.()) } };
  if (existing) {
    task.touching();
    if (isKept || isMadeFrom(ownership, existing.Config.Labels)) {
      return { container: await withName(docker, existing, name), isNew: false };
    }
  }
  await ensureImage(docker, host, config.Image, task, pull);
  task.touching();
  if (existing) await takeAway(docker, existing, wanted.removal ?? {});
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

/** By the id that is known of it, since somebody may have renamed it, or else by its name. */
export async function findContainer(docker: DockerApi, name: string, knownId?: string): Promise<Container | undefined> {
  const known = knownId === undefined ? undefined : await unlessNotFound(docker.containers.inspect(knownId));
  return known ?? (await unlessNotFound(docker.containers.inspect(name)));
}

/** The container, under its name again where somebody has renamed it. */
async function withName(docker: DockerApi, container: Container, name: string): Promise<Container> {
  if (container.Name === `/${name}`) return container;
  await docker.containers.rename(container.Id, name);
  return await docker.containers.inspect(container.Id);
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

/** How a container is taken away. */
export interface Leaving {
  /** How long it is given to end by itself before it is killed, in seconds; without it, as long as it has asked for. */
  graceSeconds?: number;
  /** Whether its anonymous volumes go with it. */
  volumes?: boolean;
}

/** A container, running or not; one that is gone already is gone. */
async function takeAway(docker: DockerApi, { Id, State }: Container, { graceSeconds, volumes }: Leaving) {
  // One that is paused cannot hear that it is to end.
  if (State.Running && !State.Paused && graceSeconds !== 0) {
    await ignoreMissing(docker.containers.stop(Id, graceSeconds));
  }
  await ignoreMissing(docker.containers.remove(Id, { force: true, volumes }));
}

export interface Removal extends Leaving {
  adoptedIds?: readonly string[];
  knownId?: string;
}

/**
 * Removes a container of ours, running or not; what is gone or somebody else's is left alone. Where nothing else is said it
 * is killed at once, and its anonymous volumes go with it.
 */
export async function removeContainer(
  docker: DockerApi,
  name: string,
  owner: string,
  { graceSeconds = 0, volumes = true, adoptedIds, knownId }: Removal = {},
): Promise<void> {
  const existing = await findContainer(docker, name, knownId);
  if (!existing || !belongsTo(owner, adoptedIds, { id: existing.Id, labels: existing.Config.Labels })) return;
  await takeAway(docker, existing, { graceSeconds, volumes });
}
