import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { connectionTo } from "../shared/hosts";
import { reachOrSkip } from "../shared/reachable";
import { whyNoAnswer } from "./answers";
import { isAmong } from "./halfChanged";
import type { Made } from "./inputs";
import type { Mover } from "./kinds/membership";
import { ReachedServer } from "./reached";

/** The servers that are not wanted any more, with their hosts where those can be reached. */
export function reachUnwanted(olds: Made, inputs: Made, task: Task): Promise<Mover[]> {
  const consequence = `the container "${olds.name}" and its data stay there`;
  return settleAll(
    olds.servers
      .filter((server) => !isAmong(inputs.servers, server))
      .map(async (server) => {
        const isThere = await reachOrSkip(connectionTo(server.host, olds.connections), inputs, task, consequence);
        return { server, reached: isThere && (await ReachedServer.reach(olds, server, task)) };
      }),
  );
}

/** A server that is not wanted any more, and whether the quorum has it. */
export interface Leaving extends Mover {
  belongs: boolean;
}

/** Those that belong to no quorum go first: while they count, it may need one of the others. */
export async function reachLeaving(olds: Made, inputs: Made, task: Task): Promise<Leaving[]> {
  const unwanted = await reachUnwanted(olds, inputs, task);
  const leaving = await settleAll(unwanted.map(async (one) => ({ ...one, belongs: await belongs(one, task) })));
  return leaving.sort((a, b) => Number(a.belongs) - Number(b.belongs));
}

export function countBelonging(servers: readonly Leaving[]): number {
  return servers.filter(({ belongs }) => belongs).length;
}

async function belongs({ reached }: Mover, task: Task): Promise<boolean> {
  const container = await reached?.container();
  if (!reached || !container?.State.Running) return false;
  return (await whyNoAnswer(reached, task)) === undefined;
}
