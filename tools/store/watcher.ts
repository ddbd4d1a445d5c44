import { setTimeout as sleep } from "node:timers/promises";
import { within } from "../../provider/kv/within";
import type { LabStore } from "./labStore";

/** How long a store may take no write before nobody waits for one any more. */
const LIMIT = 60_000;

/** Writes to a store again and again, through whichever server takes it, and knows the longest time without success. */
export class Watcher {
  private ended = false;
  private waiting: { since: number; resolve: () => void }[] = [];
  private readonly watching: Promise<number>;

  constructor(private readonly store: LabStore) {
    this.watching = this.watch();
  }

  /** Resolves when a write was taken that began after this call. */
  async nextWrite(): Promise<void> {
    const taken = new Promise<void>((resolve) => this.waiting.push({ since: performance.now(), resolve }));
    await within(LIMIT, taken, () => new Error(`no write was taken for ${LIMIT / 1000} s`));
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
      const began = performance.now();
      const taken = await this.store.writeAnywhere("watched", String(last));
      const now = performance.now();
      longest = Math.max(longest, now - last);
      if (taken) {
        last = now;
        for (const { since, resolve } of this.waiting) if (since < began) resolve();
        this.waiting = this.waiting.filter(({ since }) => since >= began);
      }
      await sleep(50);
    }
    return longest;
  }
}
