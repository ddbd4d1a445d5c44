import type { Host } from "../ssh/host";
import { type InterfaceAddress, parseAddresses } from "./addresses";

/** One network interface of a host. */
export interface Link {
  name: string;
  /** Switched on, which says nothing of its cable. */
  isUp: boolean;
  hasCarrier: boolean;
  isLoopback: boolean;
  isWireless: boolean;
  /** The bridge or bond it is a port of. */
  portOf: string | undefined;
}

/** A kind of link that a kernel may or may not have. */
export type LinkKind = "macvlan" | "ipvlan" | "vlan";

export interface HostLinks {
  links: Link[];
  addresses: InterfaceAddress[];
  /** Kinds that the kernel certainly lacks; where it cannot be told, none. */
  lacking: LinkKind[];
  /** Where the host has its `ip`: units need the whole path. */
  ipCommand: string;
}

/**
 * What is asked of a kernel is asked in a network namespace of its own, which touches nothing of the host: a link of that
 * kind on a pair of which nobody else knows. $@: the kinds.
 */
const script = `
ip -o -d link show
echo --
ip -o addr show
echo --
for link in /sys/class/net/*; do
  if [ -e "$link/phy80211" ] || [ -e "$link/wireless" ]; then echo "\${link##*/}"; fi
done
echo --
command -v ip || true
echo --
[ $# -gt 0 ] || exit 0
flags=-n
[ "$(id -u)" = 0 ] || flags=-rn
unshare $flags sh -c '
  ip link add crosshost0 type veth peer name crosshost1 || exit 0
  for kind; do
    if [ "$kind" = vlan ]; then detail="id 10"; else detail=; fi
    answer=$(LC_ALL=C ip link add link crosshost0 name probe-$kind type $kind $detail 2>&1) && continue
    case $answer in *"Unknown device type"*|*"not supported"*) echo "$kind" ;; esac
  done
' sh "$@" 2> /dev/null || true
`;

/** The host's links, and which of these kinds its kernel lacks. */
export async function hostLinks(host: Host, kinds: readonly LinkKind[] = []): Promise<HostLinks> {
  const { stdout } = await host.run(["sh", "-c", script, "sh", ...kinds]);
  const [links = "", addresses = "", wireless = "", ipCommand = "", lacking = ""] = stdout.split(/^--\n/m);
  const isWireless = (name: string) => wireless.split("\n").includes(name);
  return {
    links: parseLinks(links).map((link) => ({ ...link, isWireless: isWireless(link.name) })),
    addresses: parseAddresses(addresses),
    lacking: kinds.filter((kind) => lacking.split("\n").includes(kind)),
    ipCommand: ipCommand.trim() || "/sbin/ip",
  };
}

/** Reads `ip -o -d link show`: `2: eth0@if47: <BROADCAST,UP,LOWER_UP> mtu 1500 … master br0 …\\    link/ether …`. */
export function parseLinks(output: string): Omit<Link, "isWireless">[] {
  return [...output.matchAll(/^\d+:\s+([^\s:@]+)(?:@[^\s:]+)?:\s+<([^>]*)>(.*)$/gm)].map(([, name, flagText, rest]) => {
    const flags = flagText!.split(",");
    return {
      name: name!,
      isUp: flags.includes("UP"),
      hasCarrier: !flags.includes("NO-CARRIER"),
      isLoopback: flags.includes("LOOPBACK"),
      portOf: /\b(?:bridge|bond)_slave\b/.test(rest!) ? /\bmaster (\S+)/.exec(rest!)?.[1] : undefined,
    };
  });
}
