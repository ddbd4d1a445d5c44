import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { connectionTo } from "../shared/hosts";
import { removeContainer } from "../shared/ownedContainer";
import { type Reached, reachOrSkip } from "../shared/reachable";
import { isMade, type KVStoreState, type Made } from "./inputs";
import { requireEmpty } from "./requireEmpty";
import { removeVolumes } from "./volumes";

/** Removes the servers and their data, unless that is to be kept or there are networks in it. */
export async function remove(state: KVStoreState, task: Task): Promise<void> {
  if (!isMade(state)) return;
  const made: Made & KVStoreState = state;
  const reached = await settleAll(
    made.servers.map(async (server) => {
      const connection = connectionTo(server.host, made.connections);
      const consequence = `the container "${made.name}" and the volume "${made.dataVolume}" stay there`;
      return { server, connection, reached: await reachOrSkip(connection, made, task, consequence) };
    }),
  );
  const there = reached.filter((each): each is typeof each & { reached: Reached } => each.reached !== undefined);
  await requireEmpty(
    made,
    there.map(({ server, reached }) => ({ server, ...reached })),
    task,
  );
  await settleAll(
    there.map(({ connection, reached: { docker } }) =>
      task.run.engineGate(connection).shared(async () => {
        await removeContainer(docker, made.name, made.owner);
        if (!made.keepDataOnDelete) await removeVolumes(made, docker);
      }),
    ),
  );
}
