import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { connectionTo } from "../shared/hosts";
import { ignoreMissing, isOwnedBy } from "../shared/owned";
import { removeContainer } from "../shared/ownedContainer";
import type { KVStoreState } from "./inputs";

/** Removes the servers and their data. */
export async function remove(state: KVStoreState, { run, deadline }: Task): Promise<void> {
  await Promise.all(
    state.servers.map(async ({ host }) => {
      const connection = connectionTo(host, state.connections);
      const docker = await run.docker(connection, deadline);
      await run.engineGate(connection).shared(async () => {
        await removeContainer(docker, state.name, state.owner);
        const volume = await unlessNotFound(docker.volumes.inspect(state.dataVolume));
        if (volume && isOwnedBy(state.owner, volume.Labels)) await ignoreMissing(docker.volumes.remove(volume.Name));
      });
    }),
  );
}
