import { ConsulServer } from "../../../kv/consul";
import type { Made, Server } from "../inputs";
import { notReady } from "../notReady";
import type { ReachedServer } from "../reached";
import type { Membership } from "./membership";

/** Consul's servers have to have different names; the first has the store's. */
export function nodeName({ name }: Pick<Made, "name">, { id }: Server): string {
  return id === 1 ? name : `${name}-${id}`;
}

/** Consul's servers find each other by `-retry-join`, and one without data takes the place of the one at its address. */
export const consulMembership: Membership = {
  membershipOf: (inputs, server, others) =>
    ask(inputs, others, `whether ${server.address} is a member`, async (consul) =>
      (await isPeer(consul, server)) ? "started" : undefined,
    ),

  async join(inputs, { server }, others) {
    await ask(inputs, others, `to take ${server.address} in`, async (consul) => {
      // One that lost its data comes back as another, and must not pass for the one that had a vote.
      if (await isPeer(consul, server)) await consul.removePeer(server.address);
      await consul.freeName(nodeName(inputs, server));
    });
    return undefined;
  },

  async leave(inputs, { server, reached }, others) {
    const container = await reached?.container();
    if (reached && container?.State.Running) {
      // It ends when it has left, and would be started again.
      await reached.docker.containers.update(container.Id, { RestartPolicy: { Name: "no" } });
      // It answers when it is about to end; what counts is what the others know.
      consulAt(inputs, reached)
        .leave()
        .catch(() => undefined);
    }
    await ask(inputs, others, `to let ${server.address} go`, async (consul) => {
      if (!(await isPeer(consul, server))) return;
      if (container?.State.Running) throw new Error("it is about to leave");
      await consul.removePeer(server.address);
      await consul.forceLeave(nodeName(inputs, server));
    });
  },
};

async function isPeer(consul: ConsulServer, { address }: Server): Promise<boolean> {
  return (await consul.peers()).some((peer) => peer.address === address);
}

async function ask<T>(
  inputs: Made,
  [other]: readonly ReachedServer[],
  what: string,
  question: (consul: ConsulServer) => Promise<T>,
): Promise<T> {
  if (!other) throw notReady(`the store ${inputs.url} could not be asked ${what}`, new Error("no server answers"));
  try {
    return await question(consulAt(inputs, other));
  } catch (error) {
    throw notReady(
      `host ${other.host.address}: the Consul at ${other.server.address} could not be asked ${what}`,
      error,
    );
  }
}

function consulAt(inputs: Made, { host, server, port }: ReachedServer): ConsulServer {
  return new ConsulServer({ host, server: server.address, port, tls: inputs.tls });
}
