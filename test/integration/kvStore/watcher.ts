import { setTimeout as sleep } from "node:timers/promises";
import type { LabStore } from "./labStore";

/** Writes to a store again and again, through whichever server takes it, and knows the longest time without success. */
export class Watcher {
  private ended = false;
  private readonly watching: Promise<number>;

  constructor(private readonly store: LabStore) {
    this.watching = this.watch();
  }

  /** Milliseconds. */
  async stop(): Promise<number> {
    this.ended = true;
    return this.watching;
  }

  private async watch(): Promise<number> {
    let last = performance.now();
    let longest = 0;
    while (!this.ended) {
      const took = await this.store.writeAnywhere("watched", String(last));
      const now = performance.now();
      longest = Math.max(longest, now - last);
      if (took) last = now;
      await sleep(50);
    }
    return longest;
  }
}
