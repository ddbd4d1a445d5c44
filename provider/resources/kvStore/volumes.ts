import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { ignoreMissing, isOwnedBy, ownershipLabels, requireOwned } from "../shared/owned";
import { isMade, type KVStoreInputs, type Made } from "./inputs";
import { kinds } from "./kinds";
import { ReachedServer } from "./reached";

/** The names of one server's volumes. */
export function volumeNames({ kind, dataVolume }: Pick<Made, "kind" | "dataVolume">): string[] {
  return kinds[kind].volumes(dataVolume).map(({ name }) => name);
}

/** The volumes that are not there; fails where one is that is somebody else's. */
export async function missingVolumes(inputs: Made, { docker, host }: ReachedServer): Promise<string[]> {
  const missing: string[] = [];
  for (const name of volumeNames(inputs)) {
    const existing = await unlessNotFound(docker.volumes.inspect(name));
    if (existing) requireOwned(host.address, `the volume "${name}"`, inputs.owner, existing.Labels);
    else missing.push(name);
  }
  return missing;
}

/** Whether any of the hosts has data of a store of this name and owner, as one that was deleted has left it. */
export async function findsData(inputs: KVStoreInputs, task: Task): Promise<boolean> {
  if (!isMade(inputs)) return false;
  const servers = await settleAll(inputs.servers.map((server) => ReachedServer.reach(inputs, server, task)));
  const missing = await settleAll(servers.map((server) => missingVolumes(inputs, server)));
  return missing.some(({ length }) => length < volumeNames(inputs).length);
}

export async function makeVolumes({ owner, labels }: Made, { docker }: ReachedServer, names: string[]): Promise<void> {
  for (const name of names) {
    await docker.volumes.create({ Name: name, Labels: { ...labels, ...ownershipLabels({ owner, spec: name }) } });
  }
}

/** Removes what of the volumes is ours. */
export async function removeVolumes(
  inputs: Pick<Made, "kind" | "dataVolume" | "owner">,
  docker: DockerApi,
): Promise<void> {
  for (const name of volumeNames(inputs)) {
    const volume = await unlessNotFound(docker.volumes.inspect(name));
    if (volume && isOwnedBy(inputs.owner, volume.Labels)) await ignoreMissing(docker.volumes.remove(volume.Name));
  }
}
