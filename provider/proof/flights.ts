import { type Ends, keyOf } from "./ways";

/** Whether it is known what came of the packets; where their sender was lost, or turned out to be unable, it is left to others. */
export type Landing = "sent" | "left";

export interface Flight {
  way: Ends;
  /** How many there were before. */
  number: number;
  /** Whether those are waited for longer that stayed silent before. */
  isPatient: boolean;
  landing: Promise<Landing>;
}

/** Packets under way, by the ways that they are to prove, until it is known what came of them. */
export class Flights {
  private readonly flying = new Map<string, Flight>();
  /** How many there were. */
  count = 0;

  /** `work` sends packets on these ways, all of which are free. */
  begin(ways: readonly Ends[], isPatient: boolean, work: () => Promise<Landing>): void {
    const number = this.count++;
    const landing = this.land(ways, work);
    // Whoever waits for it hears of a failure; perhaps nobody does.
    landing.catch(() => undefined);
    for (const way of ways) this.flying.set(keyOf(way), { way, number, isPatient, landing });
  }

  isFree(way: Ends): boolean {
    return !this.flying.has(keyOf(way));
  }

  of(concerns: (way: Ends) => boolean): Flight[] {
    return [...this.flying.values()].filter(({ way }) => concerns(way));
  }

  private async land(ways: readonly Ends[], work: () => Promise<Landing>): Promise<Landing> {
    // Not before it is known to fly.
    await Promise.resolve();
    try {
      return await work();
    } finally {
      for (const way of ways) this.flying.delete(keyOf(way));
    }
  }
}
