import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { withLock } from "../lab/lock";
import { cacheDir } from "../lab/paths";
import { describeError } from "../provider/errors";
import { showTable } from "../tools/table";
import { makePrograms } from "./contenders";
import { type Figure, isHeld } from "./figures";
import { measure } from "./measure";

const usage = `Measures the example of two hosts against the same program with resources that do nothing, in turn.

  npm run bench [-- --pairs N] [-- --first N] [-- --json FILE]

  --pairs N     pairs of runs with nothing to change (5)
  --first N     pairs of first runs on fresh hosts (3)
  --json FILE   the figures also as JSON`;

const options = {
  pairs: { type: "string", default: "5" },
  first: { type: "string", default: "3" },
  json: { type: "string" },
  help: { type: "boolean" },
} as const;

async function main(): Promise<number> {
  const { values } = parseArgs({ options });
  const counts = { pairs: Number(values.pairs), first: Number(values.first) };
  if (values.help || !Object.values(counts).every((count) => Number.isInteger(count) && count >= 1)) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  // Two at once would share a lab, and measure each other.
  return await withLock(cacheDir("bench.lock"), () => bench(counts, values.json));
}

async function bench(counts: { pairs: number; first: number }, json: string | undefined): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "crosshost-bench-"));
  try {
    const figures = await measure(await makePrograms(folder), folder, counts);
    show(figures);
    if (json) await writeFile(json, `${JSON.stringify(figures, null, 2)}\n`);
    return figures.every(isHeld) ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function show(figures: Figure[]): void {
  showTable("Figures", [
    ["what", "value", "limit", "", "", "details"],
    ...figures.map((figure) => [
      figure.what,
      ...[figure.value, figure.limit].map((number) =>
        number === undefined ? "-" : `${Math.round(number * 100) / 100}`,
      ),
      ...[figure.unit, verdict(figure), figure.details],
    ]),
  ]);
}

function verdict(figure: Figure): string {
  if (figure.limit === undefined) return "";
  return isHeld(figure) ? "held" : "NOT HELD";
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(describeError(error));
    process.exitCode = 1;
  },
);
