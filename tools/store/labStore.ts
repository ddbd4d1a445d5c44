import { setTimeout as sleep } from "node:timers/promises";
import type { Lab } from "../../lab";
import { DockerClient } from "../../provider/docker/client";
import { HalfDone } from "../../provider/halfDone";
import { ConsulServer } from "../../provider/kv/consul";
import { EtcdServer } from "../../provider/kv/etcd";
import type { StoreServer } from "../../provider/kv/server";
import { type KeyValueStore, openStore } from "../../provider/kv/store";
import { parseStoreUrl } from "../../provider/kv/url";
import { ZooKeeperServer } from "../../provider/kv/zookeeper";
import type { Task } from "../../provider/lifecycle";
import { kvStore } from "../../provider/resources/kvStore";
import type { KVStoreInputs, KVStoreState } from "../../provider/resources/kvStore/inputs";
import { RunContext } from "../../provider/run/context";
import { ConnectionPool } from "../../provider/ssh/pool";
import { Deadline } from "../../provider/wait";

/** Images of the lab's registry, and another of each with the same content. */
export const IMAGES = {
  consul: ["consul:1.8.7", "consul:1.8"],
  etcd: ["etcd:3.3.25", "etcd:3.3"],
  zookeeper: ["zookeeper:3.4.13", "zookeeper:3.4"],
} as const;
export type KindName = keyof typeof IMAGES;
export const KINDS = Object.keys(IMAGES) as KindName[];

/** A store on lab hosts, made by the resource's own verbs over real SSH connections. */
export class LabStore {
  state: KVStoreState | undefined;
  readonly said: string[] = [];
  /** Where a change is cut: before a container starts on a host, or before what a line says is done. */
  private cut: { start: number } | { line: RegExp } | undefined;
  private readonly pool = new ConnectionPool();
  private readonly run = new RunContext({
    host: (connection, deadline) => this.pool.host(connection, deadline),
    docker: (host, { dockerSocketPath }) => this.unlessCut(DockerClient.of(host, dockerSocketPath), host.address),
    say: (line) => {
      this.said.push(line);
      if (this.cut && "line" in this.cut && this.cut.line.test(line)) throw new Error("cut");
    },
  });

  constructor(
    readonly lab: Lab,
    readonly kind: KindName,
  ) {}

  connection(host: number) {
    const { address, hostKey } = this.lab.host(host);
    const { privateKey } = this.lab;
    return { host: address, port: 22, user: "root", privateKey, hostKey, dialErrorLimit: 3, perDialTimeout: 5 };
  }

  /** The inputs of a store with its servers on these hosts. */
  inputs(hosts: number[], changed: object = {}): KVStoreInputs {
    const news = {
      owner: "lab/dev/store",
      name: "store",
      kind: this.kind,
      image: IMAGES[this.kind][0],
      servers: hosts.map(() => ({ bindInterface: "eth0" })),
      connections: hosts.map((host) => this.connection(host)),
      ...changed,
    };
    const { inputs, failures } = kvStore.check(this.state ?? {}, news, this.run);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    return inputs;
  }

  /** Makes it, or changes it to, a store on these hosts; milliseconds that took. */
  async up(hosts: number[], changed: object = {}): Promise<number> {
    const inputs = this.inputs(hosts, changed);
    const start = performance.now();
    this.state = await (this.state
      ? kvStore.update(this.state, inputs, this.task())
      : kvStore.create(inputs, this.task()));
    return performance.now() - start;
  }

  /** As `up`, cut on the way; what is recorded of that is its state then. */
  async cutUp(hosts: number[], cut: { start: number } | { line: RegExp }): Promise<void> {
    const inputs = this.inputs(hosts);
    this.cut = cut;
    try {
      await kvStore.update(this.state!, inputs, this.task());
      throw new Error("it was not cut");
    } catch (error) {
      if (!(error instanceof HalfDone)) throw error;
      this.state = { ...inputs, ...error.state } as KVStoreState;
    } finally {
      this.cut = undefined;
    }
  }

  private unlessCut(docker: DockerClient, address: string): DockerClient {
    const { containers } = docker;
    const start = containers.start.bind(containers);
    containers.start = async (name) => {
      const { cut } = this;
      if (cut && "start" in cut && this.lab.host(cut.start).address === address) throw new Error("cut");
      await start(name);
    };
    return docker;
  }

  /** How each server is found. */
  async found(): Promise<string[] | undefined> {
    const found = await kvStore.read(this.state!, this.task());
    return found?.servers.map(({ status }) => status);
  }

  async destroy(changed: Partial<KVStoreState> = {}): Promise<void> {
    await kvStore.delete({ ...this.state!, ...changed }, this.task());
    this.state = undefined;
  }

  /** The images of its kind on these hosts, so that times are those of the store. */
  async pull(hosts: number[]): Promise<void> {
    await Promise.all(
      hosts.flatMap((host) => IMAGES[this.kind].map((image) => this.docker(host, "pull", "-q", image))),
    );
  }

  /** What Docker would write there. */
  async write(key: string, value: string): Promise<void> {
    const [first] = await this.servers();
    await first!.set(this.kind === "consul" ? `${key}/` : key, value);
  }

  /** Whether any server took it. */
  async writeAnywhere(key: string, value: string): Promise<boolean> {
    for (const server of await this.servers()) {
      const written = server.set(key, value).then(() => true);
      const tooLong = sleep(1000, false, { ref: false });
      if (await Promise.race([written.catch(() => false), tooLong])) return true;
    }
    return false;
  }

  /** The networks in it, as this host sees them through its own server. */
  async networksFrom(host: number): Promise<string[]> {
    const networks = await (await this.openOn(host)).networks();
    return networks.map(({ name }) => name);
  }

  /** The store as resources ask it, through this host's own server. */
  async openOn(host: number): Promise<KeyValueStore> {
    const { address } = this.lab.host(host);
    const own = this.state!.servers.find((server) => server.address === address)!;
    return openStore(own.url, await this.host(host));
  }

  /** The addresses that this host's server listens on, for TCP and UDP. */
  async listeningOn(host: number): Promise<string[]> {
    const pid = (await this.docker(host, "inspect", "-f", "{{.State.Pid}}", "store")).stdout.trim();
    const children = (await this.lab.host(host).ssh(["pgrep", "-P", pid])).stdout.trim().split("\n");
    const { stdout } = await this.lab.host(host).ssh(["ss", "-lntupH"]);
    const lines = stdout.split("\n").filter((line) => [pid, ...children].some((one) => line.includes(`pid=${one},`)));
    const addresses = lines.map((line) => line.trim().split(/\s+/)[4]!.replace(/:\d+$/, ""));
    return addresses.map((address) => address.replace(/^\[::ffff:(.*)\]$/, "$1"));
  }

  /** Containers and volumes of the store's name. */
  async leftOver(hosts: number[]): Promise<string[]> {
    const lists = await Promise.all(
      hosts.map(async (host) => {
        const containers = await this.docker(host, "ps", "-a", "--format", "container {{.Names}}");
        const volumes = await this.docker(host, "volume", "ls", "--format", "volume {{.Name}}");
        return `${containers.stdout}${volumes.stdout}`.split("\n").filter((line) => line !== "");
      }),
    );
    return lists.flat();
  }

  /** Removes what is left of it on these hosts, by hand. */
  async wipe(hosts: number[]): Promise<void> {
    await Promise.all(
      hosts.map(async (host) => {
        await this.docker(host, "rm", "-f", "store");
        await this.docker(host, "volume", "rm", "-f", "store-data", "store-data-log");
      }),
    );
    this.state = undefined;
  }

  private async servers(): Promise<StoreServer[]> {
    const kinds = { consul: ConsulServer, etcd: EtcdServer, zookeeper: ZooKeeperServer };
    const host = await this.host(1);
    return this.state!.servers.map(({ url }) => {
      const [{ host: server, port }] = parseStoreUrl(url)!.endpoints as [{ host: string; port: number }];
      return new kinds[this.kind]({ host, server, port });
    });
  }

  private host(number: number) {
    return this.pool.host(this.connection(number), new Deadline(30_000));
  }

  task(seconds = 90): Task {
    return { run: this.run, deadline: new Deadline(seconds * 1000), touching: () => undefined };
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  /** The servers' containers as Docker has them: host number to "id image running". */
  async containers(hosts: number[]): Promise<string[]> {
    const format = "{{.Id}} {{.Config.Image}} {{.State.Running}}";
    return Promise.all(
      hosts.map(async (host) => (await this.docker(host, "inspect", "-f", format, "store")).stdout.trim()),
    );
  }

  docker(host: number, ...command: string[]) {
    return this.lab.host(host).ssh(["docker", ...command]);
  }
}
