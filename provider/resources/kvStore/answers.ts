import { isCode } from "../../errors";
import { openStore } from "../../kv/store";
import type { Task } from "../../lifecycle";
import { Deadline, waitFor } from "../../wait";
import type { KVStoreInputs } from "./inputs";
import type { ReachedServer } from "./reached";

/** How long a server may be without a leader before that is worth telling: elections take a moment. */
const ELECTION_PATIENCE = 5_000;

/** Why a server that runs belongs to no quorum; undefined where it does. */
export function whyNoAnswer({ store }: ReachedServer, task: Task): Promise<string | undefined> {
  return whyNot(async () => ((await store.role()) === undefined ? "without a quorum" : undefined), task);
}

/** Why nothing can be written through a server; undefined where it can. */
export function whyNoWrite({ store }: ReachedServer, task: Task): Promise<string | undefined> {
  return whyNot(async () => {
    await store.probe();
    return undefined;
  }, task);
}

/** Why a store that is there already cannot be asked from one of the hosts; undefined where it can. */
export async function asksBriefly(inputs: KVStoreInputs, task: Task): Promise<string | undefined> {
  for (const connection of inputs.clientConnections) {
    const store = openStore(inputs.url, await task.run.host(connection, task.deadline), inputs);
    const reason = await whyNot(async () => ((await store.leader()) === undefined ? "no leader" : undefined), task);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

async function whyNot(look: () => Promise<string | undefined>, { deadline }: Task): Promise<string | undefined> {
  let last: string | undefined;
  try {
    return await waitFor<undefined>(
      async () => {
        last = await look().catch((error) => {
          if (!isCode(error, "not-ready")) throw error;
          return `does not answer: ${(error as Error).message}`;
        });
        return last === undefined ? { done: undefined } : { seen: last };
      },
      { what: "an answer", deadline: new Deadline(Math.min(ELECTION_PATIENCE, deadline.remaining()), deadline.clock) },
    );
  } catch (error) {
    if (isCode(error, "not-ready")) return last;
    throw error;
  }
}
