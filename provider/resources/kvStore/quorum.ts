import { isCode } from "../../errors";
import type { Role } from "../../kv/server";
import type { ReachedServer } from "./reached";

/** What a server is to the quorum, or why it is nothing to it. One that somebody has stopped is started again. */
export async function roleOf(reached: ReachedServer): Promise<Role | { seen: string }> {
  try {
    const role = await reached.store.role();
    if (role !== undefined) return role;
    return { seen: `${reached.server.address} answers, but belongs to no quorum` };
  } catch (error) {
    return { seen: await describe(reached, seenIn(error)) };
  }
}

/** What an answer that did not come says; anything but that is a failure of ours. */
export function seenIn(error: unknown): string {
  if (!isCode(error, "not-ready")) throw error;
  return (error as Error).message;
}

/** A server that keeps falling over says why in its log, and only there. */
async function describe(reached: ReachedServer, seen: string): Promise<string> {
  const container = await reached.container();
  if (!container) return `${seen}; its container is gone`;
  const { State, RestartCount, Id } = container;
  if (State.Running && RestartCount === 0) return seen;
  const log = await reached.docker.containers.logs(Id, { tail: 5 });
  // Somebody stopped it, and then the engine does not start it again.
  if (!State.Running && !State.Restarting) await reached.docker.containers.start(Id);
  return `its container on host ${reached.host.address} is ${State.Status} after ${RestartCount} restart(s), its log ends: ${log.trim().replaceAll("\n", " | ")}`;
}
