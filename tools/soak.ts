import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { withLock } from "../lab/lock";
import { cacheDir } from "../lab/paths";
import { describeError } from "../provider/errors";
import { playRound, type Round } from "./soak/round";
import { showTable } from "./table";

const usage = `Brings the example of two hosts up on a fresh lab and takes it down, again and again.

  npm run soak                 ten times
  npm run soak -- up N         N times`;

/** What every round takes: its lab, and a folder for stack and log. */
const LAB = "soak";
const DIR = cacheDir("soak");

async function main(): Promise<number> {
  const [verb = "up", times = "10"] = process.argv.slice(2);
  const count = Number(times);
  if (verb !== "up" || !Number.isInteger(count) || count < 1) {
    console.error(usage);
    return 2;
  }
  // Two at once would share a lab.
  return await withLock(cacheDir("soak.lock"), () => soak(count));
}

async function soak(count: number): Promise<number> {
  await mkdir(DIR, { recursive: true });
  const file = join(DIR, `soak-${new Date().toISOString().replaceAll(":", "-")}.log`);
  const log = createWriteStream(file);
  console.log(`log: ${file}`);
  const rounds: Round[] = [];
  for (let number = 1; number <= count; number++) {
    log.write(`===== round ${number} of ${count} =====\n`);
    const round = await playRound({ lab: LAB, state: DIR, log: (line) => log.write(`${line}\n`) });
    rounds.push(round);
    console.log(`round ${number} of ${count}: ${verdict(round)}`);
    // A stack that could not be destroyed died with its lab.
    await rm(join(DIR, "stack"), { recursive: true, force: true });
  }
  log.end(`${JSON.stringify(rounds, null, 2)}\n`);
  await finished(log);
  showTable(`${count} rounds`, [
    ["round", "lab", "up", "packets answered", "destroy", "result"],
    ...rounds.map((round, i) => [
      String(i + 1),
      ...[seconds(round.lab), seconds(round.up), `${round.packetsArrived} of ${round.packetsSent}`],
      ...[seconds(round.destroy), round.faults.length === 0 ? "good" : `${round.faults.length} faults`],
    ]),
  ]);
  const good = rounds.filter(({ faults }) => faults.length === 0).length;
  console.log(`\n${good} of ${count} rounds were good`);
  return good === count ? 0 : 1;
}

function verdict({ faults, packetsArrived, packetsSent }: Round): string {
  const packets = `${packetsArrived} of ${packetsSent} packets answered`;
  return [faults.length === 0 ? `good, ${packets}` : `NOT GOOD, ${packets}`, ...faults].join("\n  ");
}

const seconds = (value: number | undefined) => (value === undefined ? "-" : `${value.toFixed(1)} s`);

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(describeError(error));
    process.exitCode = 1;
  },
);
