import type { Task } from "../lifecycle";
import { Coalesced } from "../run/coalesced";
import type { Connection } from "../ssh/connection";
import { isSilence } from "./hostLost";
import type { Mesh } from "./mesh";
import { healStrays } from "./strays";

/**
 * Looks, once in a run, into each endpoint that the store has on a network and no host is seen to run: it is cleaned up where
 * it is proven to be nobody's, and else named. Many containers find the same ones; they are looked into together.
 */
export class Sweep {
  private readonly known = new Set<string>();
  private waiting = new Set<string>();
  private from!: { connection: Connection; task: Task };
  private readonly work = new Coalesced(() => this.sweep());

  constructor(private readonly mesh: Mesh) {}

  /** `endpoints` are those of the store: their containers' names, by id. */
  async clear(endpoints: ReadonlyMap<string, string>, connection: Connection, task: Task): Promise<void> {
    const placed = new Set(this.mesh.roster.endpoints.map(({ id }) => id));
    // Endpoints are in the store before their containers run; those that this run starts have a proof of their own.
    const isDue = (id: string, name: string) => !placed.has(id) && !this.known.has(id) && !task.run.started.has(name);
    const fresh = [...endpoints].flatMap(([id, name]) => (isDue(id, name) ? [id] : []));
    if (fresh.length === 0) return;
    for (const id of fresh) {
      this.known.add(id);
      this.waiting.add(id);
    }
    this.from = { connection, task };
    await this.work.run();
  }

  private async sweep(): Promise<void> {
    const { connection, task } = this.from;
    const ids = this.waiting;
    this.waiting = new Set();
    const { id: Id, name: Name } = this.mesh.network;
    const warn = (what: string, why: string) => task.run.sayOnce(`warning: ${what} on "${Name}" is not proven: ${why}`);
    try {
      const { others } = await healStrays({ Id, Name }, connection, task, { ids });
      for (const { name, why } of others) warn(`the endpoint of ${name}`, why);
    } catch (error) {
      // What this container needs was proven before.
      if (!isSilence(error)) throw error;
      warn("what no host runs", error.message);
    }
  }
}
