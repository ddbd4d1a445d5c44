import { join } from "node:path";
import type { Lab } from "../../lab";
import { addressIn, pingFrom } from "../../lab/packets";
import { overlayProgram } from "../overlayProgram";
import { configureTwoHosts, makeProgram, PulumiStack } from "../stack";

/** What came of one race. */
export interface Raced {
  /** Seconds that the `up` took which attached the endpoints. */
  up: number;
  packetsSent: number;
  packetsArrived: number;
  /** What the proof said that it did. */
  healed: string[];
}

/** In each direction, from the moment that `up` has returned. */
const PACKETS = 10;

/** One cluster of two hosts whose engines are restarted again and again, each time with the first endpoints right behind. */
export class Race {
  private constructor(
    private readonly lab: Lab,
    private readonly stack: PulumiStack,
    /** The URNs of the containers. */
    private readonly containers: readonly string[],
  ) {}

  /** `dir` is a folder for program and stack, which is not there yet. */
  static async prepare(lab: Lab, dir: string, log: (line: string) => void = () => {}): Promise<Race> {
    const program = await makeProgram(join(dir, "program"), overlayProgram());
    const stack = await PulumiStack.open({
      program,
      state: join(dir, "state"),
      name: "race",
      onLine: log,
      progress: log,
    });
    await configureTwoHosts(stack, lab);
    const { steps } = await stack.up();
    const containers = steps.filter(({ type }) => type === "crosshost:Container").map(({ urn }) => urn);
    return new Race(lab, stack, containers);
  }

  /**
   * Restarts both engines at once, and attaches the first endpoint on each host by an `up` that knows nothing of it. Most of
   * a race is the heartbeat (20 s) after which the engine that carries the store looks for it again: no race can be shorter.
   */
  async run(): Promise<Raced> {
    // While the store is there, so that nothing is left of the last race.
    await Promise.all(this.lab.hosts.map((host) => host.ssh(["docker", "rm", "-f", `web${host.number}`])));
    await Promise.all(
      this.lab.hosts.map((host) => host.ssh(["sh", "-c", "systemctl reset-failed docker; systemctl restart docker"])),
    );
    const { seconds, stdout } = await this.stack.up({ args: this.containers.flatMap((urn) => ["--replace", urn]) });
    const lines = stdout.split("\n").map((line) => line.trim());
    const healed = [
      ...new Set(lines.filter((line) => /^10\.\S+: (healing|healed|waiting for its engine) /.test(line))),
    ];
    const counts = await Promise.all([this.packets(1, 2), this.packets(2, 1)]);
    const packetsArrived = counts.reduce((sum, count) => sum + count, 0);
    return { up: seconds, packetsSent: PACKETS * counts.length, packetsArrived, healed };
  }

  private async packets(from: number, to: number): Promise<number> {
    const place = (number: number) => ({ host: this.lab.host(number), container: `web${number}` });
    return (await pingFrom(place(from), await addressIn(place(to), "ov_net1"), PACKETS)).received;
  }
}
