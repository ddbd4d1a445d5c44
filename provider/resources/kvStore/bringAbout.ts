import { CrosshostError } from "../../errors";
import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { change } from "./change";
import { isAmong } from "./halfChanged";
import { isMade, type KVStoreInputs, type KVStoreState, type Made } from "./inputs";
import { reachUnwanted } from "./leaving";
import { preflight } from "./preflight";
import { ReachedServer } from "./reached";
import { waitUntilReachable, waitUntilReady } from "./ready";
import { bringUp, removeServer } from "./serverVerbs";

/**
 * Makes the store what the inputs say, from whatever state it is in, on the data that is there; `olds` is what was
 * recorded of it. A store that is there already is only asked.
 */
export async function bringAbout(inputs: KVStoreInputs, task: Task, olds?: KVStoreState): Promise<KVStoreState> {
  if (!isMade(inputs)) {
    await waitUntilReachable(inputs, [inputs.url], task);
    return { ...inputs, serverStates: [] };
  }
  const servers = await settleAll(inputs.servers.map((server) => ReachedServer.reach(inputs, server, task)));
  await settleAll(servers.map((server) => preflight(inputs, server, task)));
  // Only a store that was ready once can have something in it.
  if (olds && isMade(olds) && olds.serverStates?.length) await change(olds, inputs, servers, task);
  else await makeAnew(inputs, servers, task, olds);

  const roles = await waitUntilReady(inputs, servers, task);
  await waitUntilReachable(
    inputs,
    inputs.servers.map(({ url }) => url),
    task,
  );
  const containers = await Promise.all(servers.map((server) => server.container()));
  const serverStates = servers.map(({ server }, i) => ({
    address: server.address,
    role: roles[i]!,
    containerId: containers[i]?.Id ?? "",
  }));
  return { ...inputs, serverStates };
}

/** All servers at once; what a run left that did not get that far is finished, or goes where it is not wanted any more. */
async function makeAnew(inputs: Made, servers: ReachedServer[], task: Task, olds?: KVStoreState): Promise<void> {
  const leftOver = (olds?.servers ?? []).filter((server) => !isAmong(inputs.servers, server));
  if (olds?.onFoundData && leftOver.length > 0) {
    const where = leftOver.map(({ host }) => host).join(", ");
    throw new CrosshostError(
      `the store "${inputs.name}" was made on data that was there, and was never ready: its servers on host ${where} cannot leave before it is, since theirs may be the data`,
      { code: "in-use", hint: "leave them in `servers` until an `up` succeeds, and take them out in the next" },
    );
  }
  if (olds && isMade(olds)) {
    const before: Made = olds;
    const unwanted = await reachUnwanted(before, inputs, task);
    await settleAll(unwanted.map(async ({ reached }) => reached && (await removeServer(before, reached, task))));
  }
  await settleAll(servers.map((server) => bringUp(inputs, server, task)));
}
