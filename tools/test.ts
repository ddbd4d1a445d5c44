import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ROOT = join(__dirname, "..");

interface Layer {
  name: string;
  /** Milliseconds one test may take, unless it says otherwise itself. */
  timeout: number;
  /** Minutes after which the layer is ended: something hangs. */
  longest: number;
  /** Whether it runs on lab hosts, which not every machine can have. */
  needsLab: boolean;
  /** Whether it mostly waits, for engines, stores and the gossip: such layers run side by side. */
  waits?: boolean;
}

const LAYERS: Layer[] = [
  { name: "unit", timeout: 10_000, longest: 5, needsLab: false },
  { name: "process", timeout: 60_000, longest: 10, needsLab: false },
  { name: "lab", timeout: 300_000, longest: 15, needsLab: true },
  { name: "integration", timeout: 120_000, longest: 45, needsLab: true, waits: true },
  { name: "e2e", timeout: 300_000, longest: 60, needsLab: true, waits: true },
];

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Why this machine can have no lab hosts, or undefined where it can. */
function whyNoLab(): string | undefined {
  if (process.getuid?.() !== 0) return "lab hosts need root";
  if (!existsSync("/etc/debian_version")) return "lab hosts are made of Debian's packages, and this is not Debian";
  if (!existsSync("/proc/self/ns/net")) return "this kernel has no network namespaces";
  return undefined;
}

/**
 * Runs one layer for the user to watch; where others run beside it, with its name before each line. A layer without a test is
 * a failure: somebody lost it.
 */
async function runLayer({ name, timeout, longest }: Layer, isAlone: boolean): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), "crosshost-layer-"));
  const results = join(folder, "results.json");
  const mocha = join(ROOT, "node_modules/mocha/bin/mocha.js");
  const args = [
    ...["--require", "tsx/cjs", "--timeout", String(timeout)],
    ...["--reporter", join(__dirname, "reporter.cjs"), "--reporter-option", `results=${results}`],
    `test/${name}/**/*.test.ts`,
  ];
  const output = isAlone ? "inherit" : "pipe";
  const exitCode = await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, [mocha, ...args], {
      cwd: ROOT,
      stdio: ["ignore", output, output],
      timeout: longest * 60_000,
      killSignal: "SIGKILL",
    });
    for (const lines of [child.stdout, child.stderr]) {
      if (lines) createInterface(lines).on("line", (line) => console.log(`${name} | ${line}`));
    }
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (signal) console.error(`${name}: ended by ${signal} (it may take ${longest} minutes)`);
      resolve(code ?? 1);
    });
  });
  const counts = existsSync(results)
    ? (JSON.parse(await readFile(results, "utf8")) as Counts)
    : { passed: 0, failed: 0, skipped: 0 };
  await rm(folder, { recursive: true, force: true });
  // Whatever else went wrong, a hook or a crash, is not to be lost among the counts.
  if (counts.failed === 0 && (exitCode !== 0 || counts.passed === 0)) counts.failed = 1;
  return counts;
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !LAYERS.some((layer) => layer.name === name));
  if (unknown.length > 0) {
    throw new Error(`no such layer: ${unknown.join(", ")}; there are: ${LAYERS.map(({ name }) => name).join(", ")}`);
  }
  const noLab = whyNoLab();
  const rows: string[] = [];
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  const layers = LAYERS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  for (const together of [
    ...layers.filter(({ waits }) => !waits).map((layer) => [layer]),
    layers.filter((one) => one.waits),
  ]) {
    const results = await Promise.all(together.map((layer) => runOrSkip(layer, noLab, together.length === 1)));
    for (const { counts, row } of results) {
      for (const key of ["passed", "failed", "skipped"] as const) total[key] += counts[key];
      rows.push(row);
    }
  }
  console.log(`\n${rows.join("\n")}\n\n${describe(total)}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

/** What came of a layer, in numbers and in words. */
async function runOrSkip(
  layer: Layer,
  noLab: string | undefined,
  isAlone: boolean,
): Promise<{ counts: Counts; row: string }> {
  console.log(`\n=== ${layer.name} ===`);
  const start = performance.now();
  const isSkipped = layer.needsLab && noLab !== undefined;
  if (isSkipped) console.log(`skipped: ${noLab}`);
  // On CI a layer that cannot run is a layer nobody has looked at.
  const skippedCounts = process.env.CI ? { passed: 0, failed: 1, skipped: 0 } : { passed: 0, failed: 0, skipped: 1 };
  const counts = isSkipped ? skippedCounts : await runLayer(layer, isAlone);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  return { counts, row: `${layer.name.padEnd(12)} ${describe(counts)}, ${seconds} s${isSkipped ? ` (${noLab})` : ""}` };
}

function describe({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
