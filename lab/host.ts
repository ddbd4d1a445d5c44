import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Deadline, waitFor } from "../provider/wait";
import { setFirewall } from "./firewall";
import { assertRuns, boot, cutPower, machineProcess, shutDown } from "./machine";
import { type HostNames, hostNames, labNames } from "./names";
import { setCable, setForeignFrames, unwire, wire } from "./network";
import { labDir } from "./record";
import type { Ran } from "./run";
import { ssh } from "./ssh";

/** One Docker host of a lab: a whole Debian system with its own systemd, sshd and Docker engine. */
export class LabHost {
  /** 1 and up. */
  readonly number: number;
  /** Its host name: "host1". */
  readonly name: string;
  readonly address: string;
  private readonly names: HostNames;
  /** The lab's folder and the host's own in it. */
  private readonly labDir: string;
  private readonly dir: string;

  constructor(
    lab: string,
    private readonly slot: number,
    number: number,
  ) {
    this.names = hostNames(slot, number);
    this.number = number;
    this.name = this.names.name;
    this.address = this.names.address;
    this.labDir = labDir(lab);
    this.dir = join(this.labDir, this.name);
  }

  /** Its public key as in a known_hosts file, without the address: "ssh-ed25519 AAAA…". */
  get hostKey(): string {
    return readFileSync(join(this.dir, "host_key.pub"), "utf8").split(" ").slice(0, 2).join(" ");
  }

  /** Runs a command on the host as root, word by word as given. A command that fails is an answer, not an error. */
  async ssh(command: string[], options: { input?: string } = {}): Promise<Ran> {
    return await ssh({ dir: this.labDir, address: this.address }, command, options);
  }

  /** Boots the host again, after shutting it down in order or as by a power loss. Returns when sshd and Docker are there again. */
  async reboot(how: "clean" | "powerLoss"): Promise<void> {
    if (how === "clean") await shutDown(this.names, this.dir);
    await this.powerOff();
    await this.powerOn();
  }

  /** Cuts the power: nothing on the host is told. Its disk stays. */
  async powerOff(): Promise<void> {
    await cutPower(this.names);
    await unwire(this.names);
  }

  /** Boots the host that was off; returns when sshd and Docker are there. */
  async powerOn(): Promise<void> {
    await wire(labNames(this.slot), this.names);
    await boot(this.names, this.dir);
    await this.ready();
  }

  /** Pulls the host's network cable. */
  async unplug(): Promise<void> {
    await setCable(this.names, "down");
  }

  async plug(): Promise<void> {
    await setCable(this.names, "up");
  }

  /**
   * Has these nftables statements, such as `udp dport 4789 drop`, hold for what comes in over its cable and goes out, in
   * place of those before; without any, nothing holds. They are gone after a reboot.
   */
  async firewall(...statements: string[]): Promise<void> {
    await setFirewall(this.names, statements);
  }

  /** Whether the LAN brings the host frames for other MAC addresses than its own. As a plain switch, it does. */
  async foreignFrames(pass: boolean): Promise<void> {
    await setForeignFrames(this.names, pass);
  }

  /** Whether the power is on. */
  async runs(): Promise<boolean> {
    return (await machineProcess(this.names, this.dir)) !== undefined;
  }

  /** An engine whose store is on a host that boots as well starts only after that one's, which takes a heartbeat of its own. */
  private async ready(): Promise<void> {
    await waitFor(
      async () => {
        await assertRuns(this.names, this.dir);
        const { stdout, stderr } = await this.ssh(["systemctl", "is-active", "docker"]);
        return stdout.trim() === "active" ? { done: undefined } : { seen: (stdout || stderr).trim() };
      },
      {
        what: `sshd and docker on ${this.name}`,
        deadline: new Deadline(150_000),
        interval: { first: 100, longest: 200 },
      },
    );
  }
}
