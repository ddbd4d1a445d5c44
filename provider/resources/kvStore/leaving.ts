import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { connectionTo } from "../shared/hosts";
import { reachOrSkip } from "../shared/reachable";
import type { Made, Server } from "./inputs";
import { ReachedServer } from "./reached";

/** A server that is not wanted any more, and whether it runs. */
export interface Leaving {
  server: Server;
  reached?: ReachedServer;
  runs: boolean;
}

/**
 * The servers that are not wanted any more, with their hosts where those can be reached. Those that do not run go first:
 * while they count, the quorum may need one of the others.
 */
export async function reachLeaving(olds: Made, inputs: Made, task: Task): Promise<Leaving[]> {
  const leaving = olds.servers.filter(({ host }) => !inputs.servers.some((server) => server.host === host));
  const consequence = `the container "${olds.name}" and its data stay there`;
  const found = await settleAll(
    leaving.map(async (server) => {
      const isThere = await reachOrSkip(connectionTo(server.host, olds.connections), inputs, task, consequence);
      const reached = isThere && (await ReachedServer.reach(olds, server, task));
      const container = await reached?.container();
      return { server, reached, runs: container?.State.Running === true };
    }),
  );
  return found.sort((a, b) => Number(a.runs) - Number(b.runs));
}

export function countRunning(servers: readonly Leaving[]): number {
  return servers.filter(({ runs }) => runs).length;
}
