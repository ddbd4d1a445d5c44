import { parseArgs } from "node:util";
import { withLock } from "../lab/lock";
import { cacheDir } from "../lab/paths";
import { describeError } from "../provider/errors";
import { showTable } from "../tools/table";
import { beyond, type Figure, isHeld } from "./figures";
import type { FullMesh } from "./fullMesh";
import { type Proven, proofOf, type Size } from "./proofOf";

const usage = `What the proof that packets flow adds to an \`up\` that makes the containers, in pairs with the same \`up\` without it.

  npm run bench:proof -- [--pairs 4]                       two hosts with a container each, and eight with eight each
  npm run bench:proof -- --hosts N --containers M          N hosts with M containers each`;

/** With the seconds that the proof may add. */
const SIZES: (Size & { limit?: number })[] = [
  { hosts: 2, containers: 1, limit: 0.3 },
  { hosts: 8, containers: 8, limit: 2 },
];

const options = {
  hosts: { type: "string" },
  containers: { type: "string", default: "1" },
  pairs: { type: "string", default: "4" },
} as const;

async function main(): Promise<number> {
  const { hosts, containers, pairs } = parseArgs({ options }).values;
  const sizes = hosts === undefined ? SIZES : [{ hosts: Number(hosts), containers: Number(containers) }];
  // Two at once would share a lab, and measure each other.
  return await withLock(cacheDir("bench.lock"), () => bench(sizes, Number(pairs)));
}

interface Row {
  size: Size;
  proven: Proven;
  figure: Figure;
}

async function bench(sizes: typeof SIZES, pairs: number): Promise<number> {
  const rows: Row[] = [];
  for (const { limit, ...size } of sizes) {
    const proven = await proofOf(size, pairs);
    const figure = { ...beyond("added", proven.pairs, limit ?? 0), limit };
    rows.push({ size, proven, figure });
    console.log(`${size.hosts} hosts, ${size.containers} containers on each: ${shown(figure)}`);
    for (const line of proven.mesh.unanswered) console.log(`  no answer: ${line}`);
  }
  showTable("What the proof adds to an up", [
    [
      "hosts",
      "containers",
      "added, median",
      "limit",
      "least",
      "most",
      "medians",
      "full mesh",
      "without",
      "logins a host",
    ],
    ...rows.map(({ size, proven: { pairs, mesh, unproven, handshakes }, figure }) => {
      const added = pairs.map(({ ours, baseline }) => ours - baseline);
      return [
        ...[String(size.hosts), String(size.hosts * size.containers), `${figure.value.toFixed(2)} s`],
        ...[figure.limit === undefined ? "-" : `${figure.limit} s, ${isHeld(figure) ? "held" : "NOT HELD"}`],
        ...[Math.min(...added), Math.max(...added)].map((seconds) => `${seconds.toFixed(2)} s`),
        ...[figure.details, answered(mesh), answered(unproven)],
        [...new Set(handshakes)].join(", "),
      ];
    }),
  ]);
  return rows.every(isGood) ? 0 : 1;
}

const shown = ({ value, details }: Figure) => `${value.toFixed(2)} s added (${details})`;

function answered({ ways, unanswered }: FullMesh): string {
  return `${ways - unanswered.length} of ${ways} answered`;
}

function isGood({ proven: { mesh, handshakes }, figure }: Row): boolean {
  return isHeld(figure) && mesh.unanswered.length === 0 && handshakes.every((count) => count === 1);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(`${describeError(error)}\n\n${usage}`);
    process.exitCode = 1;
  },
);
