import assert from "node:assert/strict";
import type { Lab } from "../../../lab";
import type { DockerApi } from "../../../provider/docker/api";
import { DockerClient } from "../../../provider/docker/client";
import type { CommonInputs, Lifecycle } from "../../../provider/lifecycle";
import { container } from "../../../provider/resources/container";
import type { ContainerState } from "../../../provider/resources/container/inputs";
import { macvlanNetwork } from "../../../provider/resources/macvlanNetwork";
import type { MacvlanNetworkInputs, MacvlanNetworkState } from "../../../provider/resources/macvlanNetwork/inputs";
import { RunContext } from "../../../provider/run/context";
import type { Connection } from "../../../provider/ssh/connection";
import type { Host } from "../../../provider/ssh/host";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { Deadline } from "../../../provider/wait";

/** What a program with one LAN and containers on it does to a lab, without the CLI: check, then the verb. */
export class LanProgram {
  readonly said: string[] = [];
  private pool = new ConnectionPool();
  private run: RunContext;
  /** Whether the run is killed before it connects any container to a network. */
  private isKilledBeforeConnecting = false;
  /** The subnet's first three numbers. */
  readonly net: string;

  constructor(private readonly lab: Lab) {
    this.net = lab.host(1).address.split(".").slice(0, 3).join(".");
    this.run = this.newRun();
  }

  /** Starts over as the next run of the CLI does: with connections of its own, knowing nothing. */
  async forget(): Promise<void> {
    await this.pool.close();
    this.pool = new ConnectionPool();
    this.run = this.newRun();
  }

  private newRun(): RunContext {
    return new RunContext({
      host: (connection, deadline) => this.pool.host(connection, deadline),
      docker: (host) => this.dockerOf(host),
      say: (line) => this.said.push(line),
    });
  }

  private dockerOf(host: Host): DockerApi {
    const docker = DockerClient.of(host);
    if (!this.isKilledBeforeConnecting) return docker;
    const connect = () => Promise.reject(new Error("killed"));
    return Object.create(docker, {
      networks: { value: Object.create(docker.networks, { connect: { value: connect } }) },
    });
  }

  /** What a run leaves that is killed before it connects any container to a network. */
  async killedBeforeConnecting(work: () => Promise<unknown>): Promise<void> {
    this.isKilledBeforeConnecting = true;
    try {
      await assert.rejects(work(), { message: "killed" });
    } finally {
      this.isKilledBeforeConnecting = false;
      await this.forget();
    }
  }

  task(seconds = 60) {
    return { run: this.run, deadline: new Deadline(seconds * 1000), touching() {} };
  }

  connection(number: number, changed: Partial<Connection> = {}): Connection {
    const { address: host, hostKey } = this.lab.host(number);
    const login = { user: "root", privateKey: this.lab.privateKey, hostKey };
    return { host, port: 22, dialErrorLimit: 3, perDialTimeout: 5, ...login, ...changed };
  }

  /** The LAN's arguments for these hosts. */
  lan(hosts: readonly number[], changed: object = {}) {
    return {
      owner: "test/macvlan/lan",
      name: "lan",
      connections: hosts.map((number) => this.connection(number)),
      hosts: hosts.map(() => ({ parent: "eth0" })),
      ipamConfigs: [{ subnet: `${this.net}.0/24`, gateway: `${this.net}.254`, ipRange: `${this.net}.64/26` }],
      ...changed,
    };
  }

  check(news: object, olds: Partial<MacvlanNetworkInputs> = {}, lifecycle = macvlanNetwork): MacvlanNetworkInputs {
    return checked(lifecycle, news, olds, this.run);
  }

  /** Creates the LAN or brings it to these arguments, as `up` does. */
  async up(news: object, olds?: MacvlanNetworkState, lifecycle = macvlanNetwork): Promise<MacvlanNetworkState> {
    // A run remembers the plans that it has checked; what is made anew is a run's own.
    if (!olds) this.run = this.newRun();
    const inputs = this.check(news, olds, lifecycle);
    return olds ? await lifecycle.update(olds, inputs, this.task()) : await lifecycle.create(inputs, this.task());
  }

  /** A container on the LAN. */
  async container(number: number, name: string, changed: object = {}): Promise<ContainerState> {
    const inputs = checked(
      container,
      {
        ...{ owner: `test/macvlan/${name}`, name, connection: this.connection(number), image: "busybox:1.35" },
        ...{ command: ["sleep", "100000"], networksAdvanced: [{ name: "lan" }], ...changed },
      },
      {},
      this.run,
    );
    return await container.create(inputs, this.task());
  }

  /** A container as a refresh finds it; it has to be there. */
  async read(state: ContainerState): Promise<ContainerState> {
    this.run.seen(state);
    const found = await container.read(state, this.task());
    if (!found) throw new Error(`${state.name} is gone`);
    return found;
  }

  /** Brings a container that was found to be otherwise back to what its program says, as `up` does. */
  async upContainer(found: ContainerState): Promise<ContainerState> {
    const { connection, image, command, networksAdvanced, owner, name } = found;
    const inputs = checked(container, { connection, image, command, networksAdvanced, owner, name }, found, this.run);
    const { changes, replaces } = container.diff(found, inputs);
    if (replaces.length > 0) throw new Error(`${name} would be replaced: ${replaces.join(", ")}`);
    return changes ? await container.update(found, inputs, this.task()) : found;
  }

  async remove(state: ContainerState): Promise<void> {
    await container.delete(state, this.task());
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}

function checked<Inputs extends CommonInputs, State extends Inputs>(
  lifecycle: Lifecycle<Inputs, State>,
  news: object,
  olds: Partial<Inputs>,
  run: RunContext,
): Inputs {
  const { inputs, failures } = lifecycle.check(olds, { ...news }, run);
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
  run.seen(inputs);
  return inputs;
}
