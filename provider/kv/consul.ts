import { randomUUID } from "node:crypto";

import Consul = require("consul");

import { CrosshostError } from "../errors";
import { ChannelAgent } from "../ssh/channelAgent";
import type { Host } from "../ssh/host";
import type { KeyValueStore } from "./store";
import type { StoreUrl } from "./url";

/** Consul's HTTP API, asked from a host that the store is meant to be reached from. */
export class ConsulStore implements KeyValueStore {
  private readonly client: Consul;
  private readonly where: string;
  private readonly prefix: string;

  constructor(url: StoreUrl, host: Host) {
    const [{ host: server, port }] = url.endpoints as [{ host: string; port: number }];
    this.where = `host ${host.address}: the Consul at ${server}:${port}`;
    this.prefix = url.prefix === "" ? "" : `${url.prefix}/`;
    const agent = new ChannelAgent(this.where, () => host.openTcp(server, port));
    this.client = new Consul({ host: server, port, agent });
  }

  async leader(): Promise<string | undefined> {
    const leader = await this.ask("who leads it", () => this.client.status.leader());
    return leader === "" ? undefined : leader;
  }

  async probe(): Promise<void> {
    const key = `${this.prefix}crosshost/probe/${randomUUID()}`;
    const written = randomUUID();
    await this.ask("to write a probe key", () => this.client.kv.set(key, written));
    const read = await this.ask("to read a probe key", () => this.client.kv.get(key));
    await this.ask("to delete a probe key", () => this.client.kv.del(key));
    if (read?.Value !== written) {
      throw new CrosshostError(`${this.where} did not give back the probe key it was given`, { code: "not-ready" });
    }
  }

  async nodes(): Promise<string[]> {
    const folder = this.nodesFolder();
    const keys = await this.ask("which engines are registered", () => this.listKeys(folder));
    return keys.map((key) => key.slice(folder.length)).filter((node) => node !== "");
  }

  async hasNetwork(id: string): Promise<boolean> {
    const folder = `${this.prefix}docker/network/v1.0/network/${id}/`;
    return (await this.ask(`about the network ${id}`, () => this.listKeys(folder))).length > 0;
  }

  async forgetNode(node: string): Promise<void> {
    await this.ask(`to forget the engine ${node}`, () => this.client.kv.del(`${this.nodesFolder()}${node}`));
  }

  private nodesFolder(): string {
    return `${this.prefix}docker/nodes/`;
  }

  private async listKeys(folder: string): Promise<string[]> {
    try {
      return await this.client.kv.keys(folder);
    } catch (error) {
      // Consul has no empty folders: a prefix without keys is "not found".
      if (isNotFound(error)) return [];
      throw error;
    }
  }

  private async ask<T>(what: string, question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CrosshostError(`${this.where} could not be asked ${what}: ${reason}`, {
        code: "not-ready",
        cause: error,
      });
    }
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && "statusCode" in error && error.statusCode === 404;
}
