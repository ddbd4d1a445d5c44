import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CrosshostError } from "../provider/errors";
import { processesIn } from "./cgroup";
import type { Suite } from "./debian";
import { down } from "./down";
import { LabHost } from "./host";
import { defaultLab, labNames } from "./names";
import type { Progress } from "./progress";
import { type LabRecord, labDir, lockLab, readRecord } from "./record";
import { up } from "./up";

export interface LabOptions {
  /** How many hosts. */
  hosts: number;
  /** The Debian release of the hosts, which decides their Docker. Default bullseye: 20.10.5 with cluster store. */
  suite?: Suite;
  /** Labs of different names stand side by side. Default "lab". */
  name?: string;
  progress?: Progress;
}

/** Real Docker hosts on this machine, on a LAN of their own with a registry; see lab/README.md. */
export class Lab {
  readonly name: string;
  readonly suite: Suite;
  readonly hosts: LabHost[];
  /** Where the registry with the lab's images answers: `address:port`. */
  readonly registry: string;
  readonly privateKeyPath: string;

  private constructor(record: LabRecord) {
    this.name = record.name;
    this.suite = record.suite;
    this.hosts = record.hosts.map((number) => new LabHost(record.name, record.slot, number));
    this.registry = labNames(record.slot).registry;
    this.privateKeyPath = join(labDir(record.name), "id");
  }

  /**
   * Brings the lab to this many hosts, all of them running, and returns when sshd and Docker answer on each.
   * A lab of this name that runs already keeps its hosts as they are; what an unclean end left is removed first.
   */
  static async start({ hosts, suite = "bullseye", name = defaultLab, progress = () => {} }: LabOptions): Promise<Lab> {
    return new Lab(await up({ hosts, suite, name, progress }));
  }

  /** The running lab of this name, if there is one. */
  static async open(name = defaultLab): Promise<Lab | undefined> {
    const record = await readRecord(name);
    if (!record || (await processesIn(labNames(record.slot).cgroup)).length === 0) return undefined;
    return new Lab(record);
  }

  /** The private key that gets in as root on every host, PEM text. */
  get privateKey(): string {
    return readFileSync(this.privateKeyPath, "utf8");
  }

  /** The host of this number, as its name says: `host(1)` is "host1". */
  host(number: number): LabHost {
    const host = this.hosts.find((one) => one.number === number);
    if (host) return host;
    throw new CrosshostError(
      `lab "${this.name}" has no host ${number}, it has ${this.hosts.map((h) => h.name).join(", ")}`,
      {
        code: "not-found",
      },
    );
  }

  /** Ends the hosts and removes everything of the lab from this machine; only the cache stays. */
  async stop(): Promise<void> {
    await lockLab(this.name, () => down(this.name));
  }
}
