import { CrosshostError } from "../errors";
import type { Task } from "../lifecycle";
import type { RunContext } from "../run/context";
import type { Connection } from "../ssh/connection";
import type { Host } from "../ssh/host";
import { hostId } from "../ssh/hostId";
import { Deadline } from "../wait";
import { asking, HostLost } from "./hostLost";
import { findOnLan, type OnLan } from "./lanEndpoint";
import { addressOn, askOnLan, type LanAnswer } from "./lanProbe";
import type { NetworkOfProof, Subject } from "./proof";

/** How long a host is waited for from which something is to be proven: it may be down, and the container is not on it. */
const PATIENCE = 10_000;
/** How often the others are asked, for up to two seconds each time. */
const TRIES = 3;
/** Tenths of a second that an answer is waited for: from others, and where none is to come. */
const TENTHS = { answer: 20, silence: 3 };

/** Hosts that this proof has waited for in vain, by run, and why. */
const gaveUp = new WeakMap<RunContext, Map<string, string>>();

/**
 * Proves that a container on a macvlan or ipvlan network is reached from the other hosts, by IPv6 where it has that, and that
 * nobody else on the LAN has its addresses. A link that the container has lost is made anew; nothing else can be healed from
 * here: what is wrong is said, with what it is most likely to be.
 */
export function proveLan(subject: Subject, network: NetworkOfProof, task: Task): Promise<string[]> {
  return proveAll(subject, network, task, { mayTouch: true });
}

/** The same, for a refresh, which fails for nothing that is found, and touches nothing: it is said. */
export async function lookAtLan(subject: Subject, network: NetworkOfProof, task: Task): Promise<string[]> {
  const found = await proveAll(subject, network, task, { mayTouch: false });
  for (const line of found) task.run.say(line);
  return found;
}

async function proveAll(subject: Subject, network: NetworkOfProof, task: Task, may: { mayTouch: boolean }) {
  // Hosts route to these modes' containers; nobody asks for them on the wire.
  if (/^l3/.test(network.options.ipvlan_mode ?? "")) return [];
  const own = await task.run.host(subject.connection, task.deadline);
  const { addresses, lost } = await findOnLan(subject, network, own, task, may);
  if (!addresses) return [lost];
  const dead = await Promise.all(
    addresses.flatMap((endpoint) => [findDuplicate(endpoint, own), unreachedFrom(endpoint, own, task)]),
  );
  return [...new Set(dead.flat())];
}

/**
 * A host does not reach its own containers on a LAN: who answers it there is somebody else. This finds a second container
 * of another engine, too, to which Docker before 28 gives the same MAC address, since it is made of the IP address.
 */
async function findDuplicate({ network, address, mac, name, host }: OnLan, own: Host): Promise<string[]> {
  const { parent } = network.options;
  const answer = await askOnLan(own, address, { link: parent, tenths: TENTHS.silence });
  if (answer.unable !== undefined || !(answer.isAnswered || (answer.isFresh && answer.mac))) return [];
  // A switch that sends back what comes (for mode vepa it has to) lets the host hear its own container.
  if (network.options.macvlan_mode === "vepa" && answer.mac === mac) return [];
  return [duplicate({ network, address, name, host }, answer.mac ?? "one unknown")];
}

function duplicate(
  { network, address, name, host }: Pick<OnLan, "network" | "address" | "name" | "host">,
  mac: string,
) {
  return `${host}: "${name}" is not alone with its address ${address} on the LAN of "${network.name}": ${mac} has it, too; find whose that is, or keep the address from containers by \`auxAddress\``;
}

/** Which other hosts do not reach it, and which reach somebody else in its place. */
async function unreachedFrom(endpoint: OnLan, own: Host, task: Task): Promise<string[]> {
  const { network, host } = endpoint;
  const others = task.run.peers.hostsOf(network.name, host).filter((other) => hostId(other) !== host);
  const lines = await Promise.all(
    others.map(async (connection) => {
      const id = hostId(connection);
      const host = await reach(connection, task);
      if ("unable" in host) return unproven(endpoint, id, host.unable, task.run);
      try {
        return await askFrom(host, id, endpoint, own, task);
      } catch (error) {
        if (!(error instanceof HostLost)) throw error;
        return unproven(endpoint, id, error.reason, task.run);
      }
    }),
  );
  return lines.filter((line) => line !== undefined);
}

async function askFrom(from: Host, id: string, endpoint: OnLan, own: Host, { run }: Task): Promise<string | undefined> {
  const { address, mac } = endpoint;
  let answer: LanAnswer | undefined;
  for (let tries = 0; tries < TRIES && !answer?.isAnswered; tries++) {
    answer = await asking(id, () => askOnLan(from, address, { tenths: TENTHS.answer }));
    if (answer.unable !== undefined) return unproven(endpoint, id, answer.unable, run);
  }
  if (mac && answer?.mac && answer.mac !== mac && (answer.isAnswered || answer.isFresh))
    return duplicate(endpoint, answer.mac);
  return answer?.isAnswered ? undefined : await diagnose(from, id, endpoint, own);
}

/** Why a container that runs is not reached: the LAN, or what the LAN does with addresses that it does not know. */
async function diagnose(from: Host, id: string, endpoint: OnLan, own: Host): Promise<string> {
  const { network, address, name, host, mac } = endpoint;
  const what = `${id}: "${name}" (${address}, host ${host}) does not answer on the LAN of "${network.name}"`;
  const hostAddress = await addressOn(own, network.options.parent ?? "", isIpv6(address) ? 6 : 4);
  const ofHost =
    hostAddress === undefined
      ? undefined
      : await asking(id, () => askOnLan(from, hostAddress, { tenths: TENTHS.answer }));
  if (ofHost === undefined) return `${what}; its host has no address there to compare with`;
  if (!ofHost.isAnswered) {
    return `${what}, and neither does its host, ${hostAddress}: the two are not on one LAN, or something in between drops what they send`;
  }
  if (mac === undefined) return `${what}, and its host does: something in between drops frames for that address`;
  return `${what}, and its host does: the LAN drops frames of MAC addresses that it has not given out, as most clouds, Wi-Fi and ESXi without promiscuous mode do; an IpvlanNetwork has no others than the hosts'`;
}

async function reach(connection: Connection, { run, deadline }: Task): Promise<Host | { unable: string }> {
  const given = gaveUp.get(run) ?? new Map<string, string>();
  gaveUp.set(run, given);
  const known = run.unreachable.get(hostId(connection))?.reason ?? given.get(hostId(connection));
  if (known !== undefined) return { unable: known };
  try {
    return await run.host(connection, new Deadline(Math.min(PATIENCE, deadline.remaining()), deadline.clock));
  } catch (error) {
    // Whatever keeps us from that host is its own resources' failure, and a warning here.
    if (!(error instanceof CrosshostError)) throw error;
    const reason = error.message.replace(/^host \S+: /, "");
    // The proof waits less than others may: for them the host is not given up yet.
    given.set(hostId(connection), reason);
    return { unable: reason };
  }
}

/** Says once in a run that nothing is proven from a host, and why. */
function unproven({ network, address }: OnLan, id: string, why: string, run: RunContext): undefined {
  const line = `warning: ${id}: nothing on "${network.name}" is proven from there${isIpv6(address) ? " by IPv6" : ""}: ${why}`;
  run.sayOnce(line);
}

const isIpv6 = (address: string) => address.includes(":");
