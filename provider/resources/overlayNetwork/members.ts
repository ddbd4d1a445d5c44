import type { Task } from "../../lifecycle";
import { hostId } from "../../ssh/hostId";
import { type Reached, tryToReach } from "../shared/reachable";
import type { OverlayNetworkInputs } from "./inputs";

/** A host of the network that answers. */
export interface Member extends Reached {
  id: string;
}

/**
 * The hosts that answer, in the program's order. One that does not is named, with what it `misses`; that none does is a
 * failure.
 */
export async function reachMembers(
  { connections }: OverlayNetworkInputs,
  task: Task,
  misses: string,
): Promise<Member[]> {
  const found = await Promise.all(
    connections.map(async (connection) => ({ id: hostId(connection), reached: await tryToReach(connection, task) })),
  );
  const members = found.flatMap(({ id, reached }) => ("reason" in reached ? [] : [{ id, ...reached }]));
  for (const { id, reached } of found) {
    if (!("reason" in reached)) continue;
    if (members.length === 0) throw reached.error;
    task.run.progress(id, `not reached (${reached.reason}): it ${misses}`);
  }
  return members;
}
