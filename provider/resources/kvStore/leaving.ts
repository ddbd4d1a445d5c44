import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { connectionTo } from "../shared/hosts";
import { reachOrSkip } from "../shared/reachable";
import { whyNoAnswer } from "./answers";
import { isAmong } from "./halfChanged";
import type { Made, Server } from "./inputs";
import { ReachedServer } from "./reached";

/** A server that is not wanted any more, and whether the quorum has it. */
export interface Leaving {
  server: Server;
  reached?: ReachedServer;
  belongs: boolean;
}

/**
 * The servers that are not wanted any more, with their hosts where those can be reached. Those that belong to no quorum go
 * first: while they count, it may need one of the others.
 */
export async function reachLeaving(olds: Made, inputs: Made, task: Task): Promise<Leaving[]> {
  const leaving = olds.servers.filter((server) => !isAmong(inputs.servers, server));
  const consequence = `the container "${olds.name}" and its data stay there`;
  const found = await settleAll(
    leaving.map(async (server) => {
      const isThere = await reachOrSkip(connectionTo(server.host, olds.connections), inputs, task, consequence);
      const reached = isThere && (await ReachedServer.reach(olds, server, task));
      const container = await reached?.container();
      const belongs = reached && container?.State.Running && (await whyNoAnswer(reached, task)) === undefined;
      return { server, reached, belongs: belongs === true };
    }),
  );
  return found.sort((a, b) => Number(a.belongs) - Number(b.belongs));
}

export function countBelonging(servers: readonly Leaving[]): number {
  return servers.filter(({ belongs }) => belongs).length;
}
