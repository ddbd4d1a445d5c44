import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { connectionTo } from "../shared/hosts";
import { ignoreMissing, isOwnedBy } from "../shared/owned";
import { removeContainer } from "../shared/ownedContainer";
import { reachOrSkip } from "../shared/reachable";
import type { KVStoreState } from "./inputs";

/** Removes the servers and their data. */
export async function remove(state: KVStoreState, task: Task): Promise<void> {
  await settleAll(
    state.servers.map(async ({ host }) => {
      const connection = connectionTo(host, state.connections);
      const consequence = `the container "${state.name}" and the volume "${state.dataVolume}" stay there`;
      const reached = await reachOrSkip(connection, state, task, consequence);
      if (!reached) return;
      const { docker } = reached;
      await task.run.engineGate(connection).shared(async () => {
        await removeContainer(docker, state.name, state.owner);
        const volume = await unlessNotFound(docker.volumes.inspect(state.dataVolume));
        if (volume && isOwnedBy(state.owner, volume.Labels)) await ignoreMissing(docker.volumes.remove(volume.Name));
      });
    }),
  );
}
