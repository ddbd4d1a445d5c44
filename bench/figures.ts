import { median, type Pair } from "./pairs";

/** One measured thing: what it came to, and the most it may come to, if there is a limit. */
export interface Figure {
  what: string;
  value: number;
  limit?: number;
  unit: string;
  /** What it was made of. */
  details: string;
}

export const isHeld = ({ value, limit }: Figure) => limit === undefined || value <= limit;

/** How many times as long as the baseline, the median of all pairs. */
export function ratio(what: string, pairs: Pair[], limit?: number): Figure {
  const value = median(pairs.map(({ ours, baseline }) => ours / baseline));
  return { what, value, limit, unit: "× baseline", details: describe(pairs) };
}

/** How many seconds longer than the baseline, the median of all pairs. */
export function beyond(what: string, pairs: Pair[], limit: number): Figure {
  const value = median(pairs.map(({ ours, baseline }) => ours - baseline));
  return { what, value, limit, unit: "s beyond baseline", details: describe(pairs) };
}

function describe(pairs: Pair[]): string {
  const [ours, baseline] = (["ours", "baseline"] as const).map((who) => median(pairs.map((pair) => pair[who])));
  return `medians of ${pairs.length}: ${ours!.toFixed(2)} s, baseline ${baseline!.toFixed(2)} s`;
}
