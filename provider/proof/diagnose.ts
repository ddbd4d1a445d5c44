import type { Clock } from "../wait";
import { wrongEntriesOf } from "./ends";
import { type Facts, factsOfAll } from "./facts";
import { gossipBlocked } from "./gossipPath";
import { asking } from "./hostLost";
import { missingInStore } from "./inStore";
import type { Mesh } from "./mesh";
import { lostInTunnel, SMALL } from "./tunnel";
import type { Way } from "./ways";

/** Which layer loses the packets of a way, and what to do about it: one sentence. */
export async function diagnose(mesh: Mesh, way: Way, clock: Clock): Promise<string> {
  return (
    (await missingInStore(mesh, way, clock)) ??
    (await diagnoseMtu(mesh, way)) ??
    (await diagnoseGossip(mesh, way, clock)) ??
    (await diagnoseVxlan(mesh, way, clock)) ??
    `engine: nothing in between explains it; a known cure of Docker's overlay is to restart docker on ${way.from} and on ${way.to.host}`
  );
}

/** Small packets pass where large ones do not. */
async function diagnoseMtu(mesh: Mesh, { by, to }: Way): Promise<string | undefined> {
  const passes = async (packet: number) => {
    const answers = await mesh.probeFrom(by, [{ address: to.address }], { packet });
    return !("unable" in answers) && (answers.get(to.address)?.answered ?? false);
  };
  if (!(await passes(SMALL))) return undefined;
  if (await passes(mesh.network.packet)) return "time: it answers by now, but it took too long; is a host too busy?";
  let [largest, tooLarge] = [SMALL, mesh.network.packet];
  while (tooLarge - largest > 1) {
    // Several sizes at a time: each that is too large is known only after its wait.
    const step = Math.max(1, Math.floor((tooLarge - largest) / 9));
    const sizes = Array.from({ length: 8 }, (_, i) => largest + step * (i + 1)).filter((size) => size < tooLarge);
    const passed = await Promise.all(sizes.map(passes));
    const failed = sizes.find((_, i) => !passed[i]);
    largest = sizes.filter((size, i) => passed[i] && (failed === undefined || size < failed)).at(-1) ?? largest;
    tooLarge = failed ?? tooLarge;
  }
  return `MTU: packets of up to ${largest} bytes pass, larger ones are lost, and containers send ${mesh.network.packet}; give the network \`mtu: ${largest + 50}\`, or let larger packets pass between the hosts`;
}

/** The engines tell each other where endpoints are. */
async function diagnoseGossip(mesh: Mesh, way: Way, clock: Clock): Promise<string | undefined> {
  const facts = await factsOfEnds(mesh, way);
  const [from, other] = [facts.get(way.from)!, facts.get(way.to.host)!];
  for (const { member, hasGossip } of [from, other]) {
    if (hasGossip) continue;
    return `gossip: the engine of ${member.id} does not listen on port 7946: it has not found its key-value store`;
  }
  const wrong = wrongEntriesOf(way, facts);
  for (const [here, there] of [
    [from, other],
    [other, from],
  ] as const) {
    const { id, host } = here.member;
    const blocked = await asking(id, () => gossipBlocked(host, there.tunnel, clock));
    if (blocked === undefined) continue;
    const unknown = wrong[0] ? `, and so the engine of ${wrong[0].at.member.id} ${wrong[0].what}` : "";
    return `gossip: ${there.member.id} cannot be reached on port ${blocked} from ${id}${unknown}; a firewall of one of the hosts, or between them, has to let 7946/tcp and 7946/udp pass`;
  }
  if (wrong.length === 0) return undefined;
  return `engine: that of ${wrong[0]!.at.member.id} ${wrong[0]!.what}, though the gossip between the hosts passes; restart docker on ${wrong[0]!.at.member.id}`;
}

/** Packets that one end sends into the tunnel come out at the other, or not. */
async function diagnoseVxlan(mesh: Mesh, way: Way, clock: Clock): Promise<string | undefined> {
  const facts = await factsOfEnds(mesh, way);
  const blind = [...facts.values()].find((one) => one.blind !== undefined);
  if (blind) return `unknown layer, since nothing can be looked into on ${blind.member.id}: ${blind.blind}`;
  return await lostInTunnel(mesh, way, clock);
}

function factsOfEnds(mesh: Mesh, { from, to }: Way): Promise<Map<string, Facts>> {
  return factsOfAll(mesh, [from, to.host]);
}
