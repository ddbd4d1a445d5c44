import type { PullProgress } from "../../docker/api";
import type { Clock } from "../../wait";

/** The first word comes when a pull has taken this long, and each further one as long after it. */
const INTERVAL = 5_000;

/** Sums a pull's layers up to one line now and then: "45 % of 120 MB". */
export class PullLine {
  private readonly layers = new Map<string, { current: number; total: number }>();
  private last: number;

  constructor(
    private readonly clock: Clock,
    private readonly say: (progress: string) => void,
  ) {
    this.last = clock.now();
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
    this.say(this.summary());
  }

  private summary(): string {
    const layers = [...this.layers.values()];
    const sum = (part: "current" | "total") => layers.reduce((all, layer) => all + layer[part], 0);
    const total = sum("total");
    return `${Math.floor((sum("current") / total) * 100)} % of ${Math.ceil(total / 1e6)} MB`;
  }
}
