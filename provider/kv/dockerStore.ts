import { randomUUID } from "node:crypto";
import { CrosshostError, isCode } from "../errors";
import type { Role, StoreServer } from "./server";
import type { KeyValueStore, StoredNetwork } from "./store";
import type { StoreKind } from "./url";
import { within } from "./within";

/** Where Docker keeps what, below the URL's prefix. Source: moby 20.10 `pkg/discovery/kv`, libnetwork `datastore`. */
const NETWORKS = "docker/network/v1.0/network";
const ENDPOINTS = "docker/network/v1.0/endpoint";
const ENDPOINT_COUNTS = "docker/network/v1.0/endpoint_count";
/** What libnetwork 20.10 writes there (`endpoint_cnt.go`). */
export const NO_ENDPOINTS = '{"Count":0}';

/** How long one question may take: a server that is stopped in its tracks takes connections and never answers. */
const ANSWER_LIMIT = 5_000;

const NAMES: Record<StoreKind, string> = { consul: "Consul", etcd: "etcd", zookeeper: "ZooKeeper" };

/** Docker's keys in a store of any kind. Whichever of its servers answers is asked, the last that did first. */
export class DockerStore implements KeyValueStore {
  private last = 0;

  constructor(
    private readonly kind: StoreKind,
    private readonly from: string,
    private readonly servers: readonly StoreServer[],
    private readonly prefix: string,
    /** Where engines register, below the prefix. */
    private readonly nodesPath: string,
  ) {}

  leader(): Promise<string | undefined> {
    return this.ask("who leads it", (server) => server.leader());
  }

  role(): Promise<Role | undefined> {
    return this.ask("what it is to its quorum", (server) => server.role());
  }

  async probe(reader: KeyValueStore = this): Promise<void> {
    // Always the same key for one asker and one server, so that what a run that was killed has left goes with the next.
    const key = this.below(`crosshost-probe-${this.from}-${this.servers[0]!.address}`);
    const written = randomUUID();
    await this.ask("to write a probe key", (server) => server.set(key, written));
    const remove = () => this.ask("to delete a probe key", (server) => server.delete(key));
    let found: string | undefined;
    try {
      found = await reader.read(key);
    } catch (error) {
      // Why it could not be read is what counts; a key that stays is overwritten by the next probe.
      await remove().catch(() => undefined);
      throw error;
    }
    await remove();
    if (found === written) return;
    const message = `${this.who(this.servers[this.last]!)} did not give back the probe key it was given`;
    throw new CrosshostError(message, { code: "not-ready" });
  }

  read(key: string): Promise<string | undefined> {
    return this.ask("to read a key", (server) => server.get(key));
  }

  nodes(): Promise<string[]> {
    return this.ask("which engines are registered", (server) => server.children(this.below(this.nodesPath)));
  }

  async hasNetwork(id: string): Promise<boolean> {
    const ids = await this.ask(`about the network ${id}`, (server) => server.children(this.below(NETWORKS)));
    return ids.includes(id);
  }

  async networks(): Promise<StoredNetwork[]> {
    const ids = await this.ask("which networks it has", (server) => server.children(this.below(NETWORKS)));
    const networks = await Promise.all(ids.map((id) => this.network(id)));
    return networks.filter((network) => network !== undefined);
  }

  async forgetNode(node: string): Promise<void> {
    await this.ask(`to forget the engine ${node}`, (server) => server.delete(this.below(`${this.nodesPath}/${node}`)));
  }

  endpoint(networkId: string, id: string): Promise<string | undefined> {
    return this.read(this.endpointKey(networkId, id));
  }

  async forgetEndpoint(networkId: string, id: string): Promise<void> {
    const key = this.endpointKey(networkId, id);
    await this.ask(`to forget the endpoint ${id}`, (server) => server.delete(key));
  }

  endpoints(networkId: string): Promise<string[]> {
    const folder = this.below(`${ENDPOINTS}/${networkId}`);
    return this.ask(`about the endpoints of the network ${networkId}`, (server) => server.children(folder));
  }

  endpointCount(networkId: string): Promise<string | undefined> {
    return this.read(this.below(`${ENDPOINT_COUNTS}/${networkId}`));
  }

  resetEndpointCount(networkId: string, from: string): Promise<boolean> {
    const key = this.below(`${ENDPOINT_COUNTS}/${networkId}`);
    return this.ask(`to correct the count of endpoints of the network ${networkId}`, (server) =>
      server.replace(key, from, NO_ENDPOINTS),
    );
  }

  private endpointKey(networkId: string, id: string): string {
    return this.below(`${ENDPOINTS}/${networkId}/${id}`);
  }

  private async network(id: string): Promise<StoredNetwork | undefined> {
    const key = this.below(`${NETWORKS}/${id}`);
    const value = await this.ask(`about the network ${id}`, (server) => server.get(key));
    if (value === undefined) return undefined;
    const name = /"name":"((?:[^"\\]|\\.)*)"/.exec(value)?.[1];
    return { id, name: name ?? id };
  }

  private below(key: string): string {
    return this.prefix === "" ? key : `${this.prefix}/${key}`;
  }

  private async ask<T>(what: string, question: (server: StoreServer) => Promise<T>): Promise<T> {
    const failures: CrosshostError[] = [];
    for (let i = 0; i < this.servers.length; i++) {
      const index = (this.last + i) % this.servers.length;
      const server = this.servers[index]!;
      try {
        const answer = await within(
          ANSWER_LIMIT,
          question(server),
          () => new Error(`no answer within ${ANSWER_LIMIT / 1000} s`),
        );
        this.last = index;
        return answer;
      } catch (error) {
        if (isCode(error, "unsupported")) throw error;
        failures.push(this.notAsked(server, what, error));
      }
    }
    if (failures.length === 1) throw failures[0];
    const message = `none of the store's servers answers: ${failures.map((failure) => failure.message).join("; ")}`;
    throw new CrosshostError(message, { code: "not-ready", cause: failures[0]?.cause });
  }

  private notAsked(server: StoreServer, what: string, error: unknown): CrosshostError {
    const reason = error instanceof Error ? error.message : String(error);
    return new CrosshostError(`${this.who(server)} could not be asked ${what}: ${reason}`, {
      code: "not-ready",
      cause: error,
    });
  }

  private who({ address }: StoreServer): string {
    return `host ${this.from}: the ${NAMES[this.kind]} at ${address}`;
  }
}
