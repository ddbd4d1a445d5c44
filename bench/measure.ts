import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Lab } from "../lab";
import { step } from "../lab/progress";
import type { Programs, Stacks } from "./contenders";
import { beyond, type Figure, ratio } from "./figures";
import { freshStart } from "./firstUp";
import { handshakesDuring } from "./handshakes";
import { providerPeakDuring } from "./memory";
import { measurePairs } from "./pairs";
import { providerTextSizes } from "./providerText";

const say = (line: string) => console.log(line);

/** Everything, on one lab after the other; the last one is taken down at the end. */
export async function measure(
  programs: Programs,
  folder: string,
  counts: { pairs: number; first: number },
): Promise<Figure[]> {
  const fresh = async () => {
    await rm(join(folder, "stacks"), { recursive: true, force: true });
    return await freshStart(programs, folder, () => {});
  };
  // Everything is read from disk once before anything is timed, and what is counted needs no clock.
  let { lab, stacks } = await fresh();
  try {
    const counted = await step(say, "connections and memory", () => count(lab, stacks));
    const firsts = await step(say, `first up: ${counts.first} pairs`, () =>
      measurePairs(counts.first, {
        prepare: async () => {
          ({ lab, stacks } = await fresh());
        },
        ours: async () => (await stacks.ours.up()).seconds,
        baseline: async () => (await stacks.baseline.up()).seconds,
      }),
    );
    const idle = await idleRuns(stacks, counts.pairs);
    return [...idle, beyond("first up, images local", firsts, 10), ...counted, await textFigure(stacks)];
  } finally {
    await lab.stop();
  }
}

async function count(lab: Lab, { ours, baseline }: Stacks): Promise<Figure[]> {
  const inPreview = await handshakesDuring(lab, async () => void (await ours.preview()));
  let peak = 0;
  const inUp = await handshakesDuring(lab, async () => {
    peak = await providerPeakDuring(ours.home, async () => void (await ours.up()));
  });
  const theirs = await providerPeakDuring(baseline.home, async () => void (await baseline.up()));
  const connections = (what: string, counts: number[], limit: number): Figure => ({
    what,
    value: Math.max(...counts),
    limit,
    unit: "SSH handshakes a host",
    details: counts.join(", "),
  });
  return [
    connections("preview", inPreview, 0),
    connections("first up", inUp, 1),
    {
      what: "provider process, first up",
      value: peak,
      limit: 120,
      unit: "MB at its peak",
      details: `resident set; baseline ${Math.round(theirs)}`,
    },
  ];
}

/** Runs that have nothing to change. */
async function idleRuns({ ours, baseline }: Stacks, pairs: number): Promise<Figure[]> {
  const kinds = [
    { what: "up, nothing to change", limit: 1.15, run: (stack: Stacks["ours"]) => stack.up({ expectNoChanges: true }) },
    {
      what: "up --refresh, nothing to change",
      limit: 1.5,
      run: (stack: Stacks["ours"]) => stack.up({ refresh: true, expectNoChanges: true }),
    },
    { what: "preview, nothing to change", run: (stack: Stacks["ours"]) => stack.preview() },
  ];
  const figures: Figure[] = [];
  for (const { what, limit, run } of kinds) {
    const seconds = async (stack: Stacks["ours"]) => (await run(stack)).seconds;
    const measured = await step(say, `${what}: ${pairs} pairs`, () =>
      measurePairs(pairs, { ours: () => seconds(ours), baseline: () => seconds(baseline) }),
    );
    figures.push(ratio(what, measured, limit));
  }
  return figures;
}

async function textFigure({ ours, baseline }: Stacks): Promise<Figure> {
  const [sizes, theirs] = await Promise.all(
    [ours, baseline].map(async (s) => providerTextSizes(await s.exportState())),
  );
  return {
    what: "provider's text in state, a resource",
    value: Math.max(...sizes!),
    limit: 2200,
    unit: "bytes at most",
    details: `${sizes!.length} resources; baseline ${Math.max(...theirs!)}`,
  };
}
