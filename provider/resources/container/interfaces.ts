import type { Container } from "../../docker/containerTypes";
import { formatCidr, parseCidr } from "../../net/ip";
import type { Host } from "../../ssh/host";

/**
 * The interfaces inside a running container by the subnet they lead to. The engine does not tell them; the kernel shows
 * a sandbox's routes to everybody, as files of the process in it.
 */
export async function interfacesOf(host: Host, { State }: Container): Promise<ReadonlyMap<string, string>> {
  if (!State.Running || State.Pid === 0) return new Map();
  // 1: it has ended meanwhile.
  const { stdout } = await host.run(["cat", `/proc/${State.Pid}/net/route`], { allowedExitCodes: [0, 1] });
  const routes = stdout.split("\n").slice(1).map(parseRoute);
  return new Map(routes.filter((route) => route !== undefined));
}

/** `eth0 0000C80A 00000000 0001 0 0 0 00FFFFFF …`: addresses are in the byte order of the machine, which is Docker's. */
function parseRoute(line: string): [string, string] | undefined {
  const [name, destination, gateway, , , , , mask] = line.trim().split(/\s+/);
  if (!name || !destination || !mask || gateway !== "00000000") return undefined;
  const prefix = [...Number.parseInt(mask, 16).toString(2)].filter((bit) => bit === "1").length;
  const octets = destination
    .match(/../g)
    ?.reverse()
    .map((octet) => Number.parseInt(octet, 16));
  return [`${octets?.join(".")}/${prefix}`, name];
}

/** The subnet an address lies in, as the routes have it. */
export function subnetOf(address: string, prefixLength: number): string | undefined {
  const subnet = parseCidr(`${address}/${prefixLength}`);
  return subnet && formatCidr(subnet);
}
