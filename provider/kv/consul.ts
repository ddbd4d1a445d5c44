import Consul = require("consul");

import type { Way } from "./dial";
import { HttpApi } from "./httpApi";
import type { Role, StoreServer } from "./server";

/** The raft port, by which Consul names its leader. */
const RAFT_PORT = 8300;

interface RaftServer {
  Address: string;
  Leader: boolean;
  Voter: boolean;
}

export interface ConsulPeer {
  address: string;
  isLeader: boolean;
  hasVote: boolean;
}

/**
 * Consul's HTTP API, asked from a host that the store is meant to be reached from. Docker's own keys end in a slash where they are
 * those of an object; here they have none.
 */
export class ConsulServer implements StoreServer {
  readonly address: string;
  private readonly client: Consul;
  /** For what the client does not know. */
  private readonly api: HttpApi;

  constructor(private readonly way: Way) {
    const { server, port } = way;
    this.address = `${server}:${port}`;
    this.api = new HttpApi(way);
    this.client = new Consul({ host: server, port, agent: this.api.agent });
  }

  async leader(): Promise<string | undefined> {
    // The client keeps Consul's own words to itself, and whoever asks first is told by them what is wrong.
    const leader = await this.api.json<string>("GET", "/v1/status/leader");
    return leader === "" ? undefined : leader;
  }

  /** A server that joins has no vote at first, and is none of the quorum until then. */
  async role(): Promise<Role | undefined> {
    if ((await this.leader()) === undefined) return undefined;
    const own = (await this.peers()).find(({ address }) => address === this.way.server);
    if (own?.isLeader) return "leader";
    return own?.hasVote ? "follower" : undefined;
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.find(key))?.Value ?? undefined;
  }

  async set(key: string, value: string): Promise<void> {
    await this.client.kv.set(key, value);
  }

  async replace(key: string, from: string, to: string): Promise<boolean> {
    const found = await this.find(key);
    if (found?.Value !== from) return false;
    return await this.client.kv.set({ key: found.Key, value: to, cas: found.ModifyIndex });
  }

  async delete(key: string): Promise<void> {
    await Promise.all([this.client.kv.del(key), this.client.kv.del(`${key}/`)]);
  }

  async children(key: string): Promise<string[]> {
    const folder = `${key}/`;
    const below = (await this.keysBelow(folder)).map((found) => found.slice(folder.length).split("/")[0]!);
    return [...new Set(below)].filter((name) => name !== "");
  }

  /** Leaves its quorum in good order, and ends. */
  async leave(): Promise<void> {
    await this.api.json("PUT", "/v1/agent/leave");
  }

  /** The quorum's servers, as far as this one knows. */
  async peers(): Promise<ConsulPeer[]> {
    const path = "/v1/operator/raft/configuration?stale";
    const { Servers } = await this.api.json<{ Servers: RaftServer[] }>("GET", path);
    return Servers.map(({ Address, Leader, Voter }) => {
      return { address: Address.replace(/:\d+$/, ""), isLeader: Leader, hasVote: Voter };
    });
  }

  /** Frees the name of a server, for another of that name to register. */
  async freeName(name: string): Promise<void> {
    await this.api.json("PUT", "/v1/catalog/deregister", { Node: name });
  }

  /** Takes another server, one that does not run, out of the quorum. */
  async removePeer(address: string): Promise<void> {
    await this.api.json("DELETE", `/v1/operator/raft/peer?address=${address}:${RAFT_PORT}`);
  }

  /** Says that a server will not come back. */
  async forceLeave(name: string): Promise<void> {
    await this.client.agent.forceLeave(name);
  }

  private async find(key: string) {
    return (await this.client.kv.get(key)) ?? (await this.client.kv.get(`${key}/`));
  }

  private async keysBelow(folder: string): Promise<string[]> {
    try {
      return await this.client.kv.keys({ key: folder, separator: "/" });
    } catch (error) {
      // Consul has no empty folders: a prefix without keys is "not found".
      if (error instanceof Error && "statusCode" in error && error.statusCode === 404) return [];
      throw error;
    }
  }
}
