import type { PullProgress } from "../../docker/api";
import type { Clock } from "../../wait";

/** Between two lines; where the user's output is no terminal, each of them stays there. */
const INTERVAL = 2_000;
/** A pull that took longer than this is said to have ended. */
const LONG = 5_000;

/** Sums a pull's layers up to one line now and then: "45 % of 120 MB". */
export class PullLine {
  private readonly layers = new Map<string, { current: number; total: number }>();
  private readonly begun: number;
  private last: number;

  constructor(
    private readonly clock: Clock,
    private readonly show: (progress: string) => void,
  ) {
    this.begun = this.last = clock.now();
  }

  take({ status, id, progressDetail }: PullProgress): void {
    if (!id) return;
    const { current, total } = progressDetail ?? {};
    const layer = this.layers.get(id);
    if (status === "Downloading" && current !== undefined && total) this.layers.set(id, { current, total });
    else if (layer && /^(Download complete|Verifying|Extracting|Pull complete)/.test(status))
      layer.current = layer.total;
    if (this.clock.now() - this.last < INTERVAL || this.layers.size === 0) return;
    this.last = this.clock.now();
    this.show(`${Math.floor((this.sum("current") / this.sum("total")) * 100)} % of ${this.size()}`);
  }

  /** What is to be said of a pull that is done; nothing of a quick one. */
  end(): string | undefined {
    const took = this.clock.now() - this.begun;
    return took < LONG ? undefined : `${this.size()} in ${Math.round(took / 1000)} s`;
  }

  private sum(part: "current" | "total"): number {
    return [...this.layers.values()].reduce((all, layer) => all + layer[part], 0);
  }

  private size(): string {
    return `${Math.ceil(this.sum("total") / 1e6)} MB`;
  }
}
