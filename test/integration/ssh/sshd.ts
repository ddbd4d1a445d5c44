import type { Host } from "../../../provider/ssh/host";
import { Deadline, waitFor } from "../../../provider/wait";

/** A second sshd on a lab's host, with settings of its own. */
export class Sshd {
  private constructor(
    private readonly host: Host,
    readonly port: number,
    private readonly pid: string,
  ) {}

  /** Starts it on a port with lines of sshd_config(5). */
  static async start(host: Host, port: number, settings: readonly string[]): Promise<Sshd> {
    const config = `/run/sshd-${port}.conf`;
    const lines = [
      ...settings,
      `Port ${port}`,
      `PidFile /run/sshd-${port}.pid`,
      "HostKey /etc/ssh/ssh_host_ed25519_key",
      "PermitRootLogin yes",
      "UsePAM yes",
      "LogLevel VERBOSE",
    ];
    await host.run(["rm", "-f", `/run/sshd-${port}.pid`]);
    await host.writeFile(config, `${lines.join("\n")}\n`);
    await host.run(["/usr/sbin/sshd", "-f", config]);
    const look = async () => {
      const pid = (await host.readFile(`/run/sshd-${port}.pid`))?.content.toString().trim();
      return pid ? { done: pid } : { seen: "no file with its process id" };
    };
    const pid = await waitFor(look, { what: `sshd on port ${port}`, deadline: new Deadline(10_000) });
    return new Sshd(host, port, pid!);
  }

  async stop(): Promise<void> {
    await this.host.run(["kill", this.pid]);
    await this.host.run(["rm", "-f", `/run/sshd-${this.port}.conf`]);
  }
}
