import type { Clock } from "../wait";
import { diagnose } from "./diagnose";
import type { Mesh } from "./mesh";
import { summary } from "./message";
import type { Subject } from "./proof";
import { pairOf, type Way } from "./ways";

interface Told {
  /** The container that says it. */
  by: string;
  name: string;
  /** The endpoint that is silent. */
  of: string;
  diagnosis: Promise<string>;
}

/**
 * What was found out about dead ways. Everything on a host shares its ways to another one, so that one cause fails many
 * containers: it is looked for once for every two hosts, and the first of the containers tells it.
 */
export class Findings {
  /** Who tells what is between two hosts, and that. */
  private readonly told = new Map<string, Told>();

  constructor(private readonly mesh: Mesh) {}

  /** One line for each way, the first with the diagnosis, or with who has it. */
  async describe(dead: readonly Way[], subject: Subject, clock: Clock): Promise<string[]> {
    const [first, ...others] = dead;
    if (!first) return [];
    const short = others.map((way) => summary(this.mesh, way));
    return [`${summary(this.mesh, first)}${await this.cause(first, subject, clock)}`, ...short];
  }

  private async cause(way: Way, subject: Subject, clock: Clock): Promise<string> {
    const hosts = pairOf(way.from, way.to.host);
    for (const key of [hosts, `${hosts} ${way.to.id}`]) {
      const told = this.told.get(key);
      if (!told || told.by === subject.container) return `: ${await this.tell(key, way, subject, clock)}`;
      // What one container drops is no reason of another's.
      const isItsOwn = (await told.diagnosis).startsWith("container:");
      if (!isItsOwn || told.of === way.to.id) return `, for the same reason as what ${told.name} says`;
    }
    throw new Error("the second key is of this endpoint alone");
  }

  private async tell(key: string, way: Way, { container, name, host }: Subject, clock: Clock): Promise<string> {
    const diagnosis = diagnose(this.mesh, way, clock);
    this.told.set(key, { by: container, name: `"${name}" (host ${host})`, of: way.to.id, diagnosis });
    try {
      return await diagnosis;
    } catch (error) {
      this.told.delete(key);
      throw error;
    }
  }
}
