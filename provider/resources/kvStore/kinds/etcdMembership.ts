import { type EtcdMember, EtcdServer } from "../../../kv/etcd";
import type { Made, Server } from "../inputs";
import { notReady } from "../notReady";
import type { ReachedServer } from "../reached";
import type { Membership } from "./membership";

const PEER_PORT = 2380;

export function peerUrl({ tls }: Pick<Made, "tls">, { address }: Pick<Server, "address">): string {
  return `${tls ? "https" : "http"}://${address}:${PEER_PORT}`;
}

export function memberName({ name }: Pick<Made, "name">, { id }: Server): string {
  return `${name}-${id}`;
}

/** The cluster as a server is told of it when it starts without data. */
export function initialCluster(inputs: Made, servers: readonly Server[], state: "new" | "existing"): string[] {
  const members = servers.map((server) => `${memberName(inputs, server)}=${peerUrl(inputs, server)}`);
  return [
    `ETCD_INITIAL_CLUSTER=${members.join(",")}`,
    `ETCD_INITIAL_CLUSTER_STATE=${state}`,
    `ETCD_INITIAL_CLUSTER_TOKEN=${inputs.owner}`,
  ];
}

/** etcd wants to be told of a member before it starts, and tells it apart by an id of its own. */
export const etcdMembership: Membership = {
  membershipOf: (inputs, server, others) =>
    ask(inputs, others, `whether ${server.address} is a member`, async (etcd) => {
      const member = (await etcd.members()).find((each) => isAt(inputs, each, server));
      return member && (member.name === "" ? "announced" : "started");
    }),

  async join(inputs, { server }, others) {
    const added = await ask(inputs, others, `to take ${server.address} in`, async (etcd) => {
      const members = await etcd.members();
      const known = members.find((member) => isAt(inputs, member, server));
      // A member that has started once, and so has a name, is a new one when it has no data any more.
      if (known && known.name !== "") await etcd.removeMember(known.id);
      if (known?.name !== "") await etcd.addMember(peerUrl(inputs, server));
      return await etcd.members();
    });
    const names = added.flatMap((member) => {
      const name = isAt(inputs, member, server) ? memberName(inputs, server) : member.name;
      return name === "" ? [] : member.peerURLs.map((url) => `${name}=${url}`);
    });
    const [, ...rest] = initialCluster(inputs, [], "existing");
    return { Env: [`ETCD_INITIAL_CLUSTER=${names.join(",")}`, ...rest] };
  },

  async leave(inputs, { server }, others) {
    await ask(inputs, others, `to let ${server.address} go`, async (etcd) => {
      const member = (await etcd.members()).find((each) => isAt(inputs, each, server));
      if (member) await etcd.removeMember(member.id);
    });
  },
};

function isAt(inputs: Made, { peerURLs }: EtcdMember, server: Server): boolean {
  return peerURLs.includes(peerUrl(inputs, server));
}

/** Refusals pass: after a change, etcd wants to see its members connected for five seconds before the next. */
async function ask<T>(
  inputs: Made,
  [other]: readonly ReachedServer[],
  what: string,
  question: (etcd: EtcdServer) => Promise<T>,
): Promise<T> {
  if (!other) throw notReady(`the store ${inputs.url} could not be asked ${what}`, new Error("no server answers"));
  const { host, server, port } = other;
  try {
    return await question(new EtcdServer({ host, server: server.address, port, tls: inputs.tls }));
  } catch (error) {
    throw notReady(`host ${host.address}: the etcd at ${server.address} could not be asked ${what}`, error);
  }
}
