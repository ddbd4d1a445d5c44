import type { Lab, LabHost } from "../../lab";
import { DockerClient } from "../../provider/docker/client";
import type { Task } from "../../provider/lifecycle";
import { RunContext } from "../../provider/run/context";
import type { Connection } from "../../provider/ssh/connection";
import { ConnectionPool } from "../../provider/ssh/pool";
import { Deadline } from "../../provider/wait";

/** One run against the hosts of a lab, as a provider process has it; verbs are called without a Pulumi engine. */
export class RealRun {
  /** What the user was shown. */
  readonly said: string[] = [];
  private readonly pool = new ConnectionPool({ log: (line) => this.said.push(line) });
  private readonly run = new RunContext({
    host: (connection, deadline) => this.pool.host(connection, deadline),
    docker: (host, { dockerSocketPath }, deadline) => DockerClient.of(host, dockerSocketPath).within(deadline),
    say: (line) => this.said.push(line),
  });

  constructor(private readonly lab: Lab) {}

  connectionTo({ address: host, hostKey }: LabHost): Connection {
    const { privateKey } = this.lab;
    return { host, port: 22, user: "root", privateKey, hostKey, dialErrorLimit: 10, perDialTimeout: 15 };
  }

  /** A task of this run; `touched` says whether it has begun to change something. */
  task(milliseconds = 120_000): Task & { touched: boolean } {
    const task = {
      run: this.run,
      deadline: new Deadline(milliseconds),
      touched: false,
      touching: () => {
        task.touched = true;
      },
    };
    return task;
  }

  /** The inputs that check makes of a program's. */
  checked<Inputs>(
    lifecycle: {
      check(
        olds: object,
        news: Record<string, unknown>,
        run: RunContext,
      ): { inputs: Inputs; failures: { reason: string }[] };
    },
    news: Record<string, unknown>,
  ): Inputs {
    const { inputs, failures } = lifecycle.check({}, news, this.run);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    return inputs;
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}
