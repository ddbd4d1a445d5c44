/** Takes one line for the reader: what is being done, or what was done and how long it took. */
export type Progress = (line: string) => void;

export const silent: Progress = () => {};

/** Says `what` when it took its time, with the seconds, once it is done. */
export async function step<T>(progress: Progress, what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  progress(`${what} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  return result;
}
