import type { Network } from "../docker/types";
import type { Task } from "../lifecycle";
import type { Connection } from "../ssh/connection";
import { hostId } from "../ssh/hostId";
import { type Abandoned, abandonedEndpoints, takeOff, type View, type Which, whyNotDead } from "./abandoned";
import { inspectKnown } from "./known";
import { membersOf } from "./survey";

/** How long an endpoint must have been nobody's: one that is just being made, or cleaned up, is for a while. */
const PATIENCE = 10_000;
const PAUSE = 1_000;

export interface Strays {
  /** Names of endpoints that were taken out of the store, since no host of the cluster runs their containers. */
  healed: string[];
  /** Names of those of which that cannot be told, and why. */
  others: { name: string; why: string }[];
}

/**
 * Looks for endpoints of a network that no host runs, and takes those away of which that is proven: the engine that made
 * them, as the store says, was asked, and has no such container.
 */
export async function healStrays(
  network: Pick<Network, "Id" | "Name">,
  connection: Connection,
  task: Task,
  which: Which = {},
): Promise<Strays> {
  const { run, deadline } = task;
  const connections = [connection, ...run.peers.hostsOf(network.Name, hostId(connection))];
  const distinct = [...new Map(connections.map((one) => [`${one.host} ${one.port}`, one])).values()];
  const members = await membersOf(run, distinct, new Map(), deadline);
  const look = async () => {
    const views = await Promise.all(
      members.map(async ({ id, host, docker }): Promise<View | undefined> => {
        const seen = await inspectKnown(docker, network.Id, deadline.clock);
        return seen && { host: id, reached: host, docker, network: seen };
      }),
    );
    // Of a host whose engine does not see the network nothing is known.
    return views.includes(undefined) ? [] : await abandonedEndpoints(views as View[], which);
  };
  const still = await patiently(look, task);
  const strays: Strays = { healed: [], others: [] };
  for (const one of still) {
    const { name, deadOn } = one;
    if (deadOn === undefined) strays.others.push({ name, why: whyNotDead(one) });
    else if (await takeOff(one)) strays.healed.push(name);
    else strays.others.push({ name, why: `restart docker on ${deadOn} to be rid of it` });
  }
  for (const healed of strays.healed) {
    run.progress(
      members[0]!.id,
      `healed "${network.Name}": took the endpoint of ${healed} away, which no host of the cluster runs any more`,
    );
  }
  return strays;
}

/** What is found again and again; what cannot be proven is not waited for. */
async function patiently(look: () => Promise<Abandoned[]>, { deadline: { clock } }: Task): Promise<Abandoned[]> {
  let still = await look();
  for (let waited = 0; waited < PATIENCE && still.some(({ deadOn }) => deadOn !== undefined); waited += PAUSE) {
    await clock.sleep(PAUSE);
    const now = await look();
    still = now.filter(({ id }) => still.some((one) => one.id === id));
  }
  return still;
}
