import { Lab, type LabHost } from "../../../lab";
import { clusterMember } from "../../../provider/resources/clusterMember";
import type { ClusterMemberInputs, ClusterMemberState } from "../../../provider/resources/clusterMember/inputs";
import { kvStore } from "../../../provider/resources/kvStore";
import type { KVStoreInputs, KVStoreState } from "../../../provider/resources/kvStore/inputs";
import type { Host } from "../../../provider/ssh/host";
import { RealRun } from "../../helpers/realRun";

export const DROP_IN = "/etc/systemd/system/docker.service.d/zz-crosshost.conf";

/** Two lab hosts, with a store on the first; the second is the one that becomes a member. */
export class MemberLab {
  private constructor(
    readonly lab: Lab,
    readonly run: RealRun,
    readonly store: KVStoreState,
  ) {}

  static async start(name: string): Promise<MemberLab> {
    const lab = await Lab.start({ name, hosts: 2 });
    const run = new RealRun(lab);
    const connections = [run.connectionTo(lab.host(1))];
    const servers = [{ bindInterface: "eth0" }];
    const inputs = run.checked<KVStoreInputs>(kvStore, {
      owner: "t/t/kv",
      name: "consul",
      kind: "consul",
      servers,
      connections,
    });
    return new MemberLab(lab, run, await kvStore.create(inputs, run.task()));
  }

  get host(): LabHost {
    return this.lab.host(2);
  }

  inputs(more: object = {}): ClusterMemberInputs {
    return this.run.checked<ClusterMemberInputs>(clusterMember, {
      owner: "t/t/host2",
      connection: this.run.connectionTo(this.host),
      clusterStore: this.store.url,
      clusterAdvertise: "eth0:2376",
      ...more,
    });
  }

  create(more: object = {}, milliseconds?: number): Promise<ClusterMemberState> {
    return clusterMember.create(this.inputs(more), this.run.task(milliseconds));
  }

  update(olds: ClusterMemberState, more: object = {}): Promise<ClusterMemberState> {
    return clusterMember.update(olds, this.inputs(more), this.run.task());
  }

  async read(state: ClusterMemberState): Promise<ClusterMemberState> {
    return (await clusterMember.read(state, this.run.task()))!;
  }

  delete(state: ClusterMemberState): Promise<void> {
    return clusterMember.delete(state, this.run.task());
  }

  /** Runs a command on the member's host; fails with what it says. */
  async on(...command: string[]): Promise<string> {
    const { stdout, stderr, exitCode } = await this.host.ssh(command);
    if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
    return stdout.trim();
  }

  async write(path: string, text: string): Promise<void> {
    const { stderr, exitCode } = await this.host.ssh(
      ["sh", "-c", 'mkdir -p "$(dirname "$1")"; cat > "$1"', "sh", path],
      {
        input: text,
      },
    );
    if (exitCode !== 0) throw new Error(stderr);
  }

  /** The member's host, over our own connection. */
  reach(): Promise<Host> {
    const { run, deadline } = this.run.task();
    return run.host(this.run.connectionTo(this.host), deadline);
  }

  /** An engine that has had no store since its start. */
  async restartEngine(): Promise<void> {
    await this.on("sh", "-c", "systemctl daemon-reload; systemctl reset-failed docker; systemctl restart docker");
  }

  /** The engine's process: another one after a restart. */
  enginePid(): Promise<string> {
    return this.on("systemctl", "show", "-p", "MainPID", "docker.service");
  }

  async isRegistered(path = "docker/nodes"): Promise<boolean> {
    const { stdout } = await this.lab
      .host(1)
      .ssh([
        ...["docker", "exec", "consul", "consul", "kv", "get", "-keys"],
        ...[`-http-addr=${this.lab.host(1).address}:8500`, `${path}/`],
      ]);
    return stdout.includes(`${this.host.address}:2376`);
  }

  async stop(): Promise<void> {
    await this.run.close();
    await this.lab.stop();
  }
}
