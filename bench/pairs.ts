/** Seconds that one thing took, measured in alternation with the same thing of the baseline. */
export interface Pair {
  ours: number;
  baseline: number;
}

export interface Contest {
  /** Before each pair; its time does not count. */
  prepare?: () => Promise<void>;
  ours: () => Promise<number>;
  baseline: () => Promise<number>;
}

/** Measures ours and the baseline's in turn, changing who begins, so that whatever else the machine does meets both. */
export async function measurePairs(
  count: number,
  { prepare = async () => {}, ours, baseline }: Contest,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let i = 0; i < count; i++) {
    await prepare();
    if (i % 2 === 0) {
      const first = await ours();
      pairs.push({ ours: first, baseline: await baseline() });
    } else {
      const first = await baseline();
      pairs.push({ ours: await ours(), baseline: first });
    }
  }
  return pairs;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
