import type { Container } from "../docker/containerTypes";
import { formatCidr, parseCidr } from "../net/ip";
import type { Host } from "../ssh/host";

/**
 * The interfaces inside a running container by the subnet they lead to. The engine does not tell them; the kernel shows
 * a sandbox's routes to everybody, as files of the process in it. Undefined of a container that does not run.
 */
export async function interfacesOf(host: Host, { State }: Container): Promise<ReadonlyMap<string, string> | undefined> {
  if (!State.Running || State.Pid === 0) return undefined;
  const routes = ["cat", `/proc/${State.Pid}/net/route`];
  const { stdout, exitCode } = await host.run(routes, { allowedExitCodes: [0, 1] });
  // It has ended meanwhile.
  if (exitCode === 1) return undefined;
  const parsed = stdout.split("\n").slice(1).map(parseRoute);
  return new Map(parsed.filter((route) => route !== undefined));
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
