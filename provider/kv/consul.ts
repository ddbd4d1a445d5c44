import Consul = require("consul");

import { ChannelAgent } from "../ssh/channelAgent";
import { dial, type Way } from "./dial";
import type { Role, StoreServer } from "./server";

/** The raft port, by which Consul names its leader. */
const RAFT_PORT = 8300;

/** Consul's HTTP API, asked from a host that the store is meant to be reached from. */
export class ConsulServer implements StoreServer {
  readonly address: string;
  private readonly client: Consul;

  constructor(private readonly way: Way) {
    const { host, server, port } = way;
    this.address = `${server}:${port}`;
    const agent = new ChannelAgent(`host ${host.address}: the Consul at ${this.address}`, () => dial(way));
    this.client = new Consul({ host: server, port, agent });
  }

  async leader(): Promise<string | undefined> {
    const leader = await this.client.status.leader();
    return leader === "" ? undefined : leader;
  }

  async role(): Promise<Role | undefined> {
    const leader = await this.leader();
    if (leader === undefined) return undefined;
    return leader === `${this.way.server}:${RAFT_PORT}` ? "leader" : "follower";
  }

  async get(key: string): Promise<string | undefined> {
    // Docker's own keys end in a slash where they are those of an object.
    const found = (await this.client.kv.get(key)) ?? (await this.client.kv.get(`${key}/`));
    return found?.Value ?? undefined;
  }

  async set(key: string, value: string): Promise<void> {
    await this.client.kv.set(key, value);
  }

  async delete(key: string): Promise<void> {
    await this.client.kv.del(key);
  }

  async children(key: string): Promise<string[]> {
    const folder = `${key}/`;
    const below = (await this.keysBelow(folder)).map((found) => found.slice(folder.length).split("/")[0]!);
    return [...new Set(below)].filter((name) => name !== "");
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
