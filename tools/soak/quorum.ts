import type { Lab } from "../../lab";
import { describeError } from "../../provider/errors";
import { IMAGES, type KindName, LabStore } from "../store/labStore";
import { Watcher } from "../store/watcher";

/** What came of one round with one kind of store; a step that was not reached has no figure. All in seconds. */
export interface QuorumRound {
  kind: KindName;
  /** Until one server was ready, and until three made at once were. */
  ready: { one?: number; three?: number };
  /** The longest time without a write after the process of a server died, the one that leads where there are three. */
  died: { one?: number; three?: number };
  /** The same in an update during which a server was killed, while all were restarted, and in an update of the image. */
  killed?: number;
  restarted?: number;
  updated?: number;
  /** Everything that was not as it has to be; empty when the round is a good one. */
  faults: string[];
}

const ALL = [1, 2, 3];
const NETWORK = '{"name":"ov_net1"}';
/** Seconds without a write that are no election any more, but a quorum that is lost. */
const LOST = 10;

/** One kind of store on three hosts, through what a quorum has to survive. */
export class Quorum {
  private constructor(
    private readonly lab: Lab,
    private readonly store: LabStore,
  ) {}

  static async prepare(lab: Lab, kind: KindName): Promise<Quorum> {
    const store = new LabStore(lab, kind);
    await store.pull(ALL);
    return new Quorum(lab, store);
  }

  async close(): Promise<void> {
    await this.store.close();
  }

  async play(log: (line: string) => void): Promise<QuorumRound> {
    const round: QuorumRound = { kind: this.store.kind, ready: {}, died: {}, faults: [] };
    try {
      await this.one(round);
      await this.three(round);
    } catch (error) {
      round.faults.push(describeError(error));
    }
    await this.clear(round);
    log(JSON.stringify(round));
    return round;
  }

  private async one(round: QuorumRound): Promise<void> {
    round.ready.one = (await this.store.up([1])) / 1000;
    round.died.one = await this.withoutWrite(() => this.endServer(1));
    await this.store.destroy();
  }

  private async three(round: QuorumRound): Promise<void> {
    const { store } = this;
    const [image, another] = IMAGES[store.kind];
    round.ready.three = (await store.up(ALL)) / 1000;
    await store.write("docker/network/v1.0/network/n1", NETWORK);
    const leader = store.state!.serverStates.findIndex(({ role }) => role === "leader") + 1;
    round.died.three = await this.checked(round, "its leader died", () => this.endServer(leader));
    round.killed = await this.checked(round, "one was killed in an update", async () => {
      const killed = store.docker(2, "kill", "store");
      await store.up(ALL, { image: another });
      await killed;
    });
    round.restarted = await this.checked(round, "all were restarted", async () => {
      for (const host of ALL) {
        await store.docker(host, "restart", "-t", "1", "store");
        await store.up(ALL, { image: another });
      }
    });
    round.updated = await this.checked(round, "its image was updated", async () => {
      await store.up(ALL, { image });
    });
  }

  /** Does something to the store, and looks for what is wrong with it then. */
  private async checked(round: QuorumRound, what: string, work: () => Promise<void>): Promise<number> {
    const seconds = await this.withoutWrite(work);
    if (seconds > LOST) round.faults.push(`${what}: no write for ${seconds.toFixed(1)} s`);
    const found = await this.store.found();
    const ill = (found ?? ["gone"]).filter((status) => status !== "running");
    round.faults.push(...ill.map((status) => `${what}: a server is found: ${status}`));
    for (const host of ALL) {
      const networks = await this.store.networksFrom(host);
      if (networks.join() !== "ov_net1") round.faults.push(`${what}: host${host} sees the networks: ${networks}`);
    }
    return seconds;
  }

  /** The longest time without a write while something is done to the store. */
  private async withoutWrite(work: () => Promise<void>): Promise<number> {
    const watcher = new Watcher(this.store);
    try {
      await work();
      await watcher.nextWrite();
    } finally {
      await watcher.stop();
    }
    return (await watcher.stop()) / 1000;
  }

  /** Ends the process of a host's server, as a crash would; its engine starts it again. */
  private async endServer(host: number): Promise<void> {
    const pid = (await this.store.docker(host, "inspect", "-f", "{{.State.Pid}}", "store")).stdout.trim();
    await this.lab.host(host).ssh(["kill", "-KILL", pid]);
  }

  private async clear(round: QuorumRound): Promise<void> {
    try {
      if (this.store.state) await this.store.destroy({ forceDestroy: true });
    } catch (error) {
      round.faults.push(`it could not be deleted: ${describeError(error)}`);
    }
    round.faults.push(...(await this.store.leftOver(ALL)).map((one) => `left behind: ${one}`));
    // The next round is not to suffer for it.
    await this.store.wipe(ALL);
  }
}
