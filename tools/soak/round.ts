import { join } from "node:path";
import { Lab } from "../../lab";
import { readRecord } from "../../lab/record";
import { remains } from "../../lab/remains";
import { snapshot } from "../../lab/snapshot";
import { describeError } from "../../provider/errors";
import { differences } from "../hostCheck";
import { pingAll, resolveAll } from "../packets";
import { configureTwoHosts, PulumiStack, ROOT } from "../stack";

/** What came of one round; a step that was not reached has no figure. */
export interface Round {
  /** Seconds. */
  lab?: number;
  up?: number;
  destroy?: number;
  packetsSent: number;
  packetsArrived: number;
  /** Everything that was not as it has to be; empty when the round is a good one. */
  faults: string[];
}

const NETWORKS = ["ov_net1", "lan"];
/** In each direction over each network, from the moment that `up` has returned. */
const PACKETS = 10;

export interface RoundOptions {
  /** The lab's name; one that is there already is taken down first. */
  lab: string;
  /** A folder for the stack. */
  state: string;
  log: (line: string) => void;
}

/** A fresh lab, `up`, every ping, `destroy`, the search for what is left of it, and the lab down. */
export async function playRound({ lab: name, state, log }: RoundOptions): Promise<Round> {
  const round: Round = { packetsSent: 0, packetsArrived: 0, faults: [] };
  await (await Lab.open(name))?.stop();
  const start = performance.now();
  const lab = await Lab.start({ hosts: 2, name, progress: log });
  round.lab = (performance.now() - start) / 1000;
  try {
    await playStack(lab, join(state, "stack"), log, round);
  } catch (error) {
    round.faults.push(describeError(error));
  }
  const { slot } = (await readRecord(name))!;
  await lab.stop();
  round.faults.push(...(await remains(name, slot)).map((one) => `left on this machine: ${one}`));
  round.faults.forEach(log);
  return round;
}

async function playStack(lab: Lab, state: string, log: (line: string) => void, round: Round): Promise<void> {
  const original = await Promise.all(lab.hosts.map(snapshot));
  const stack = await PulumiStack.open({ program: ROOT, state, name: "soak", onLine: log, progress: log });
  await configureTwoHosts(stack, lab);
  round.up = (await stack.up()).seconds;
  await checkPackets(lab, log, round);
  round.destroy = (await stack.destroy()).seconds;
  round.faults.push(...(await differences(lab, original)));
  await stack.remove();
}

async function checkPackets(lab: Lab, log: (line: string) => void, round: Round): Promise<void> {
  for (const { from, to, network, target, sent, received } of await pingAll(lab, NETWORKS, PACKETS)) {
    const line = `${from} to ${to} over ${network} (${target}): ${received} of ${sent} packets answered`;
    log(line);
    round.packetsSent += sent;
    round.packetsArrived += received;
    if (received < sent) round.faults.push(line);
  }
  for (const { from, name, address, answered } of await resolveAll(lab)) {
    const line = `${from}: ${name} leads to ${address ?? "nothing"}, which ${answered ? "answers" : "does not answer"}`;
    log(line);
    if (!answered) round.faults.push(line);
  }
}
