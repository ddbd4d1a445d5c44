import { type CrosshostError, isCode } from "../../errors";
import type { Role } from "../../kv/server";
import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { type Look, waitFor } from "../../wait";
import { ensureImage } from "../shared/image";
import { whyNoAnswer, whyNoWrite } from "./answers";
import type { Made } from "./inputs";
import { kinds } from "./kinds";
import type { Mover } from "./kinds/membership";
import { requireReach, withReachAsked } from "./mutualReach";
import { roleOf } from "./quorum";
import type { ReachedServer } from "./reached";
import { bringUp, isAsWanted, keepRunning, removeServer, start } from "./serverVerbs";
import { missingVolumes } from "./volumes";

/** A store on its way from one set of servers to another. */
export class Rolling {
  constructor(
    private readonly inputs: Made,
    private readonly task: Task,
    /** The servers that belong to the quorum. */
    private present: readonly ReachedServer[],
  ) {}

  /**
   * Starts a server that has its data. One that runs is left as it is for now where it is as it should be, or answers; any
   * other is made anew at once: a change that failed may have left it with what it cannot run with.
   */
  async revive(server: ReachedServer): Promise<void> {
    const container = await server.container();
    const isWanted = await isAsWanted(this.inputs, server);
    if (container?.State.Running && (isWanted || (await whyNoAnswer(server, this.task)) === undefined)) {
      return await keepRunning(server.docker, container);
    }
    this.task.run.progress(server.host.address, `starting the server of "${this.inputs.name}" that does not run`);
    this.task.touching();
    if (container && !container.State.Running && isWanted) await start(this.inputs, server.docker, container);
    else await bringUp(this.inputs, server, this.task);
  }

  /** Whether those present are one. An etcd that has lost its quorum goes on to say that it leads, so it has to write. */
  async isQuorum(): Promise<boolean> {
    const answers = await settleAll(this.present.map((server) => whyNoWrite(server, this.task)));
    return answers.some((answer) => answer === undefined);
  }

  /** Waits until every server present belongs to the quorum, where there are enough of them for one. */
  async settle(running: number, of: number): Promise<void> {
    if (running * 2 <= of) return;
    const look = async (): Promise<Look<true>> => {
      for (const server of this.present) {
        const role = await roleOf(server);
        if (typeof role === "object") return role;
      }
      return { done: true };
    };
    await waitFor(withReachAsked(look, this.inputs, this.present, this.task), {
      what: `the servers of ${this.inputs.url} to be a quorum`,
      deadline: this.task.deadline,
      interval: { first: 20, longest: 200 },
    });
  }

  async leave(olds: Made, { server, reached }: Mover): Promise<void> {
    const { task, present } = this;
    task.run.progress(server.host, `leaving the quorum of "${olds.name}"`);
    task.touching();
    this.present = present.filter((other) => other.server.host !== server.host);
    const membership = kinds[olds.kind].membership;
    if (membership)
      await this.patiently("a server to leave", () => membership.leave(olds, { server, reached }, this.present));
    if (reached) await removeServer(olds, reached, task);
  }

  /**
   * Brings in those that an interrupted run has made members: two servers of which one was never started are no quorum,
   * and can neither go on nor back before it runs.
   */
  async finishJoining(servers: readonly ReachedServer[]): Promise<void> {
    const { membership } = kinds[this.inputs.kind];
    if (!membership) return;
    for (const server of servers) {
      const membershipOf = () => membership.membershipOf(this.inputs, server.server, this.present);
      const known = await this.patiently("the servers to be told", membershipOf);
      if (known === undefined) continue;
      if (known === "started" && (await missingVolumes(this.inputs, server)).length === 0) {
        await this.revive(server);
        await this.takeIn(server);
      } else {
        await ensureImage(server.docker, server.host.address, this.inputs.image, this.task);
        await this.join(server);
      }
    }
  }

  /** Takes a server in that has no data, or none that counts. */
  async join(server: ReachedServer): Promise<void> {
    const { task, inputs, present } = this;
    if (present.includes(server)) return;
    // Afterwards it would be too late: a quorum of one that has let in a second waits for that.
    await requireReach(inputs, [server], present);
    task.run.progress(server.host.address, `joining the quorum of "${inputs.name}"`);
    task.touching();
    const mover: Mover = { server: server.server, reached: server };
    const membership = kinds[inputs.kind].membership;
    // An interrupted run may have brought it in already. Otherwise what it has is of another time, and must not be
    // taken for news by the others.
    const isIn = (await roleIfAny(server)) !== undefined;
    if (!isIn) await removeServer(inputs, server, task);
    const firstStart = isIn
      ? undefined
      : await this.patiently("a server to join", async () => await membership?.join(inputs, mover, present));
    await bringUp(inputs, server, task, firstStart);
    await this.takeIn(server);
  }

  private async takeIn(server: ReachedServer): Promise<void> {
    this.present = [...this.present, server];
    await this.settle(this.present.length, this.inputs.servers.length);
  }

  /** Makes those anew that are to be otherwise: followers first, since every change of leader is a pause. */
  async rollAll(): Promise<void> {
    const { inputs, task } = this;
    const roles = await Promise.all(this.present.map(roleIfAny));
    const leadersLast = [...this.present].sort(
      (a, b) => rank(roles[this.present.indexOf(a)]) - rank(roles[this.present.indexOf(b)]),
    );
    for (const server of leadersLast) {
      if (await isAsWanted(inputs, server)) continue;
      if (inputs.servers.length > 1) {
        task.run.progress(server.host.address, `making the server of "${inputs.name}" anew`);
      }
      await bringUp(inputs, server, task);
      await this.settle(this.present.length, inputs.servers.length);
    }
  }

  /** Asks again what the quorum cannot do yet. */
  private patiently<T>(what: string, step: () => Promise<T>): Promise<T> {
    return waitFor<T>(
      async () => {
        try {
          return { done: await step() };
        } catch (error) {
          if (isCode(error, "not-ready")) return { seen: (error as CrosshostError).message };
          throw error;
        }
      },
      { what: `${what} of ${this.inputs.url}`, deadline: this.task.deadline, interval: { first: 100, longest: 1000 } },
    );
  }
}

const rank = (role: string | undefined) => (role === "leader" ? 1 : 0);

/** What a server is to its quorum; nothing where it does not answer, or belongs to none. */
async function roleIfAny({ store }: ReachedServer): Promise<Role | undefined> {
  try {
    return await store.role();
  } catch (error) {
    if (isCode(error, "not-ready")) return undefined;
    throw error;
  }
}
