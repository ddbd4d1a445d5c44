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
    await stack.config("perHost", "0");
    await stack.up();
    return new Race(lab, stack);
  }

  /** Restarts both engines at once, and attaches the first endpoint on each host by an `up` that knows nothing of it. */
  async run(): Promise<Raced> {
    await this.stack.config("perHost", "1");
    await Promise.all(
      this.lab.hosts.map((host) => host.ssh(["sh", "-c", "systemctl reset-failed docker; systemctl restart docker"])),
    );
    const { seconds, stdout } = await this.stack.up();
    const lines = stdout.split("\n").map((line) => line.trim());
    const healed = [
      ...new Set(lines.filter((line) => /^10\.\S+: (healing|healed|waiting for its engine) /.test(line))),
    ];
    const counts = await Promise.all([this.packets(1, 2), this.packets(2, 1)]);
    await this.stack.config("perHost", "0");
    await this.stack.up();
    const packetsArrived = counts.reduce((sum, count) => sum + count, 0);
    return { up: seconds, packetsSent: PACKETS * counts.length, packetsArrived, healed };
  }

  private async packets(from: number, to: number): Promise<number> {
    const place = (number: number) => ({ host: this.lab.host(number), container: `web${number}` });
    return (await pingFrom(place(from), await addressIn(place(to), "ov_net1"), PACKETS)).received;
  }
}
