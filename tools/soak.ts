import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { Lab } from "../lab";
import { withLock } from "../lab/lock";
import { cacheDir } from "../lab/paths";
import { describeError } from "../provider/errors";
import { type Killed, Kills } from "./soak/kill";
import { Quorum, type QuorumRound } from "./soak/quorum";
import { quorumTable } from "./soak/quorumTable";
import { Race, type Raced } from "./soak/race";
import { playRound, type Round } from "./soak/round";
import { KINDS } from "./store/labStore";
import { showTable } from "./table";

const usage = `Does one thing again and again, and counts what goes wrong; ten times where N is not given.

  npm run soak -- up N         the example of two hosts, up on a fresh lab and down again
  npm run soak -- race N       both engines restarted, and the first endpoints attached right behind
  npm run soak -- kill N       an up of fifty containers whose CLI is killed at a random moment, and the up after it
  npm run soak -- quorum N     stores of each kind, one server and three: deaths, restarts and an update of the image`;

/** How many containers an `up` that is killed is to make. */
const CONTAINERS = 50;
/** What every round takes: its lab, and a folder for stack and log. */
const LAB = "soak";
const DIR = cacheDir("soak");

async function main(): Promise<number> {
  const [verb = "up", times = "10"] = process.argv.slice(2);
  const count = Number(times);
  const soak = Object.hasOwn(soaks, verb) ? soaks[verb] : undefined;
  if (!soak || !Number.isInteger(count) || count < 1) {
    console.error(usage);
    return 2;
  }
  // Two at once would share a lab.
  return await withLock(cacheDir("soak.lock"), () => soak(count));
}

const soaks: Record<string, (count: number) => Promise<number>> = {
  up: soakUp,
  race: soakRace,
  kill: soakKill,
  quorum: soakQuorum,
};

/** Where what the tools say of a run of ours goes. */
async function openLog() {
  await mkdir(DIR, { recursive: true });
  const file = join(DIR, `soak-${new Date().toISOString().replaceAll(":", "-")}.log`);
  console.log(`log: ${file}`);
  return createWriteStream(file);
}

async function soakRace(count: number): Promise<number> {
  const log = await openLog();
  await (await Lab.open(LAB))?.stop();
  const dir = join(DIR, "race");
  await rm(dir, { recursive: true, force: true });
  const lab = await Lab.start({ hosts: 2, name: LAB });
  const raced: Raced[] = [];
  try {
    const race = await Race.prepare(lab, dir, (line) => log.write(`${line}\n`));
    for (let number = 1; number <= count; number++) {
      log.write(`===== race ${number} of ${count} =====\n`);
      const one = await race.run();
      raced.push(one);
      const healed = one.healed.map((line) => `\n  ${line}`).join("");
      console.log(`race ${number} of ${count}: ${one.packetsArrived} of ${one.packetsSent} packets answered${healed}`);
    }
  } finally {
    await lab.stop();
    await rm(dir, { recursive: true, force: true });
    log.end();
  }
  const sum = (of: (one: Raced) => number) => raced.reduce((total, one) => total + of(one), 0);
  const good = raced.filter(({ packetsSent, packetsArrived }) => packetsArrived === packetsSent).length;
  const ups = raced.map(({ up }) => up).sort((a, b) => a - b);
  showTable(`${count} races`, [
    ["races", "lost none", "packets", "healed in", "up: shortest", "median", "longest"],
    [
      ...[String(count), String(good), `${sum((one) => one.packetsArrived)} of ${sum((one) => one.packetsSent)}`],
      `${raced.filter(({ healed }) => healed.length > 0).length} races`,
      ...[ups[0], ups[Math.floor(ups.length / 2)], ups.at(-1)].map(seconds),
    ],
  ]);
  return good === count ? 0 : 1;
}

async function soakKill(count: number): Promise<number> {
  const log = await openLog();
  await (await Lab.open(LAB))?.stop();
  const dir = join(DIR, "kill");
  await rm(dir, { recursive: true, force: true });
  const lab = await Lab.start({ hosts: 2, name: LAB });
  const killed: Killed[] = [];
  try {
    const kills = await Kills.prepare(lab, dir, CONTAINERS, (line) => log.write(`${line}\n`));
    console.log(`an up of ${CONTAINERS} containers takes ${seconds(kills.whole)}`);
    for (let number = 1; number <= count; number++) {
      log.write(`===== kill ${number} of ${count} =====\n`);
      const one = await kills.run();
      killed.push(one);
      const faults = one.faults.map((line) => `\n  ${line}`).join("");
      console.log(`kill ${number} of ${count}: after ${seconds(one.after)}, ${one.there} containers there${faults}`);
    }
  } finally {
    await lab.stop();
    await rm(dir, { recursive: true, force: true });
    log.end();
  }
  showTable(`${count} kills`, [
    ["killed after", "containers then", "the next up", "result"],
    ...killed.map(({ after, there, up, faults }) => [
      ...[seconds(after), String(there), seconds(up), faults.length === 0 ? "good" : `${faults.length} faults`],
    ]),
  ]);
  return killed.every(({ faults }) => faults.length === 0) ? 0 : 1;
}

async function soakQuorum(count: number): Promise<number> {
  const log = await openLog();
  await (await Lab.open(LAB))?.stop();
  const lab = await Lab.start({ hosts: 3, name: LAB });
  const rounds: QuorumRound[] = [];
  try {
    for (const kind of KINDS) {
      const quorum = await Quorum.prepare(lab, kind);
      for (let number = 1; number <= count; number++) {
        const round = await quorum.play((line) => log.write(`${line}\n`));
        rounds.push(round);
        const faults = round.faults.map((line) => `\n  ${line}`).join("");
        console.log(`${kind}, round ${number} of ${count}: ${faults === "" ? "good" : `NOT GOOD${faults}`}`);
      }
      await quorum.close();
    }
  } finally {
    await lab.stop();
    log.end();
  }
  showTable(`${count} rounds of each kind: shortest – median – longest`, quorumTable(rounds));
  return rounds.every(({ faults }) => faults.length === 0) ? 0 : 1;
}

async function soakUp(count: number): Promise<number> {
  const log = await openLog();
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
