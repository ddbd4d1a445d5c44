import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { canMeet } from "../shared/storeTls";
import { hasJoined, isSettled } from "./halfChanged";
import type { Made } from "./inputs";
import { kinds } from "./kinds";
import { countBelonging, reachLeaving } from "./leaving";
import type { ReachedServer } from "./reached";
import { Rolling } from "./rolling";
import { bringUp, isAsWanted } from "./serverVerbs";
import { survey } from "./survey";

/**
 * Changes a store that has data, one server after another, so that the quorum is never lost while it has servers enough.
 * First whoever can run is running; then servers leave, come (those that lost their data like new ones) and, last, are
 * made anew where they are to be otherwise, the leader at the end.
 */
export async function change(olds: Made, inputs: Made, servers: ReachedServer[], task: Task): Promise<void> {
  const { kept, lost, joining } = await survey(olds, inputs, servers);
  const leaving = await reachLeaving(olds, inputs, task);
  await settleAll(kept.map((server) => askWhereItListens(olds, inputs, server)));
  if (kept.length === 0 && lost.length > 0) {
    for (const { host } of lost) {
      task.run.progress(
        host.address,
        `the data of "${inputs.name}" is gone: the store starts empty, without the networks it had`,
      );
    }
    await settleAll(servers.map((server) => bringUp(inputs, server, task)));
    return;
  }
  if (olds.tls && inputs.tls && !canMeet(olds.tls, inputs.tls)) {
    for (const { host } of kept) {
      task.run.progress(
        host.address,
        `making the server of "${inputs.name}" anew together with all others: its certificate has expired, or is of another authority than the next`,
      );
    }
    await settleAll(kept.map((server) => bringUp(inputs, server, task)));
  }
  const rolling = new Rolling(inputs, task, kept);
  await settleAll(kept.map((server) => rolling.revive(server)));
  await rolling.finishJoining(joining);
  const begun = leaving.filter(({ server }) => !hasJoined(server)).flatMap(({ reached }) => reached ?? []);
  if (begun.length > 0 && !(await rolling.isQuorum())) await rolling.finishJoining(begun);

  const joined = olds.servers.filter(hasJoined).length;
  const readsSettings = kinds[inputs.kind].membership === undefined;
  if (readsSettings) {
    // A run that was cut may have given servers the settings with all of those before, or with all of the next.
    const all = new Set([...olds.servers, ...inputs.servers].map(({ host }) => host)).size;
    await rolling.settle(kept.length + countBelonging(leaving), all);
    for (const [i, server] of leaving.entries()) {
      await rolling.leave(olds, server);
      const still = kept.length + countBelonging(leaving.slice(i + 1));
      await rolling.settle(still, begun.length > 0 ? all : joined);
    }
  } else {
    const settled = olds.servers.filter(isSettled).length;
    await rolling.settle(settled - lost.length, settled);
    for (const server of leaving) {
      await rolling.leave(olds, server);
      await rolling.settle(1, 1);
    }
  }

  // One server alone takes nobody in, nor do those that are no quorum any more: they first have to know who there is to be.
  const rollsFirst = readsSettings && (joined === 1 || kept.length * 2 <= joined);
  if (rollsFirst) await rolling.rollAll();
  for (const server of [...lost, ...joining]) await rolling.join(server);
  if (!rollsFirst) await rolling.rollAll();
}

/** A server that is to have another port listens on the one before until it is made anew. */
async function askWhereItListens(olds: Made, inputs: Made, reached: ReachedServer): Promise<void> {
  const { server } = reached;
  const before = olds.servers.find(({ host }) => host === server.host);
  if (!before || before.url === server.url || (await isAsWanted(inputs, reached))) return;
  reached.askAt(before.url);
}
