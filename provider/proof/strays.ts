import { unlessNotFound } from "../docker/errors";
import type { Network } from "../docker/types";
import type { Task } from "../lifecycle";
import type { Connection } from "../ssh/connection";
import { hostId } from "../ssh/hostId";
import { abandonedEndpoints, otherEngines, takeOff, type View } from "./abandoned";
import { inspectKnown } from "./known";
import { membersOf } from "./survey";

/** How long an endpoint must have been nobody's: one that is just being made, or cleaned up, is for a moment. */
const PATIENCE = 1_000;
/** States of a container that has, or is about to have, its endpoints; before it runs its own engine shows none of them. */
const ALIVE = ["created", "running", "restarting", "paused"];

export interface Strays {
  /** Names of endpoints that were taken out of the store, since no host of the cluster runs their containers. */
  healed: string[];
  /** Names of those of which that cannot be told, and why. */
  others: { name: string; why: string }[];
}

/**
 * Looks for endpoints of a network that no host runs, of this name or of any, and takes those away of which that is proven:
 * their own engine has no such container, or every engine of the cluster was asked.
 */
export async function healStrays(
  network: Pick<Network, "Id" | "Name">,
  connection: Connection,
  task: Task,
  name?: string,
): Promise<Strays> {
  const { run, deadline } = task;
  const unreached = new Map<string, string>();
  const connections = [connection, ...run.peers.hostsOf(network.Name)];
  const distinct = [...new Map(connections.map((one) => [`${one.host} ${one.port}`, one])).values()];
  const members = await membersOf(run, distinct, unreached, deadline);
  const look = async () => {
    const views = await Promise.all(
      members.map(async ({ id, host, docker }): Promise<View | undefined> => {
        const seen = await inspectKnown(docker, network.Id, deadline.clock);
        return seen && { host: id, reached: host, docker, network: seen };
      }),
    );
    // Of a host whose engine does not see the network nothing is known.
    if (views.includes(undefined)) return [];
    const found = await abandonedEndpoints(views.filter((view) => view !== undefined));
    const asked = found.filter((one) => name === undefined || one.name === name);
    const alive = await Promise.all(asked.map((one) => isAlive(one.name)));
    return asked.filter((_, i) => !alive[i]);
  };
  /** Whether a container of this name is there on any host; the one that asks for its own name does not count. */
  const isAlive = async (container: string): Promise<boolean> => {
    const others = members.filter(({ id }) => name === undefined || id !== hostId(connection));
    const found = await Promise.all(others.map(({ docker }) => unlessNotFound(docker.containers.inspect(container))));
    return found.some(
      (one) => one && ALIVE.includes(one.State.Status) && Object.hasOwn(one.NetworkSettings.Networks, network.Name),
    );
  };
  const before = await look();
  if (before.length === 0) return { healed: [], others: [] };
  await deadline.clock.sleep(PATIENCE);
  const still = (await look()).filter(({ id }) => before.some((one) => one.id === id));
  const elsewhere = [
    ...unreached.keys(),
    ...(await otherEngines(members.map((m) => ({ ...m, host: m.id, reached: m.host })))),
  ];
  const strays: Strays = { healed: [], others: [] };
  for (const one of still) {
    const isProven = one.deadOn !== undefined || elsewhere.length === 0;
    if (isProven && (await takeOff(one))) strays.healed.push(one.name);
    else if (isProven) strays.others.push({ name: one.name, why: `restart docker on ${one.deadOn} to be rid of it` });
    else strays.others.push({ name: one.name, why: `it may be on a host that was not asked: ${elsewhere.join(", ")}` });
  }
  for (const healed of strays.healed) {
    run.progress(
      members[0]!.id,
      `healed "${network.Name}": took the endpoint of ${healed} away, which no host of the cluster runs any more`,
    );
  }
  return strays;
}
