import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import { unlessNotFound } from "../../docker/errors";
import type { KeyValueStore } from "../../kv/store";
import { openStore } from "../../kv/store";
import { parseStoreUrl } from "../../kv/url";
import type { Task } from "../../lifecycle";
import type { Connection } from "../../ssh/connection";
import type { Host } from "../../ssh/host";
import { connectionTo } from "../shared/hosts";
import { isOwnedBy } from "../shared/owned";
import type { KVStoreInputs, Server } from "./inputs";

/** One server of the store, on a host that was reached. */
export class ReachedServer {
  /** This one server, as its own host reaches it. */
  store: KeyValueStore;
  private url: string;

  constructor(
    readonly server: Server,
    readonly host: Host,
    readonly docker: DockerApi,
    readonly connection: Connection,
    private readonly inputs: Pick<KVStoreInputs, "name" | "owner" | "tls">,
  ) {
    this.url = server.url;
    this.store = openStore(server.url, host, inputs);
  }

  static async reach(inputs: KVStoreInputs, server: Server, { run, deadline }: Task): Promise<ReachedServer> {
    const connection = connectionTo(server.host, inputs.connections);
    const host = await run.host(connection, deadline);
    return new ReachedServer(server, host, await run.docker(connection, deadline), connection, inputs);
  }

  /** The server's container, where there is one of ours. */
  async container(): Promise<Container | undefined> {
    const found = await unlessNotFound(this.docker.containers.inspect(this.inputs.name));
    return found && isOwnedBy(this.inputs.owner, found.Config.Labels) ? found : undefined;
  }

  /** Another server of the store, as this one's host reaches it. */
  storeOf(other: ReachedServer): KeyValueStore {
    return openStore(other.url, this.host, this.inputs);
  }

  /** The port it is asked at. */
  get port(): number {
    return parseStoreUrl(this.url)!.endpoints[0]!.port;
  }

  /** From now on it is asked there: a server listens on its old port until it is made anew. */
  askAt(url: string): void {
    this.url = url;
    this.store = openStore(url, this.host, this.inputs);
  }
}
