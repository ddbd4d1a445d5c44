import type { Lab } from "../../lab";
import { pingAll, resolveAll } from "../packets";
import { showTable } from "../table";
import { networks } from "./report";

const PACKETS = 5;

/** Shows whether packets flow and names resolve. Returns whether every packet came back. */
export async function reportPackets(lab: Lab): Promise<boolean> {
  const pings = await pingAll(lab, networks, PACKETS);
  showTable("Pings from host to host, container to container", [
    ["from", "to", "over", "address", "answered", "round trip: shortest, mean, longest"],
    ...pings.map(({ from, to, network = "", target, received, sent, roundTrip }) => {
      const times = roundTrip ? `${roundTrip.min} / ${roundTrip.mean} / ${roundTrip.max} ms` : "-";
      return [from, to, network, target, `${received} of ${sent}`, times];
    }),
  ]);
  const names = await resolveAll(lab);
  showTable("Names", [
    ["in", "the name", "leads to", "which"],
    ...names.map(({ from, name, address, answered }) => [
      from,
      name,
      address ?? "nothing",
      answered ? "answers" : "does not answer",
    ]),
  ]);
  return pings.every(({ received, sent }) => received === sent) && names.every(({ answered }) => answered);
}
