import { isCode } from "../errors";
import type { Host } from "../ssh/host";

/** What a host learned of an address on the LAN. */
export interface LanAnswer {
  /** How it asked: over which interface. */
  link: string | undefined;
  /** Whether a ping was answered. */
  isAnswered: boolean;
  /** The MAC address that the kernel has for it. */
  mac: string | undefined;
  /** Whether that was learned just now, and not before. */
  isFresh: boolean;
  /** Why nothing can be asked from there. */
  unable: string | undefined;
}

/**
 * Asks for an address by ping, and the kernel for the MAC address that answered. What the kernel knew before is forgotten
 * first where the user is root. $1 address, $2 the interface, or nothing for the one that the host's routes say, $3 how
 * many tenths of a second an answer is waited for.
 */
const script = `
export LC_ALL=C
address=$1 link=$2 patience=$3
ping=ping
case $address in *:*) command -v ping6 > /dev/null && ping=ping6 ;; esac
if [ -z "$link" ]; then
  # Without any way there, ip says so and fails.
  set -- $(ip -o route get "$address" 2> /dev/null)
  case " $* " in *" via "*|"  ") echo "unable=it has no address in that subnet"; exit ;; esac
  while [ $# -gt 1 ]; do [ "$1" = dev ] && link=$2; shift; done
fi
echo "link=$link"
command -v "$ping" > /dev/null || { echo "unable=it has no ping"; exit; }
if [ "$(id -u)" = 0 ]; then ip neigh del "$address" dev "$link" 2> /dev/null; echo fresh=yes; fi
answers=$(mktemp) || exit
"$ping" -n -c 1 -W 2 -I "$link" "$address" > "$answers" 2>&1 &
pinging=$!
while [ "$patience" -gt 0 ]; do
  grep -q "bytes from" "$answers" && break
  sleep 0.1
  patience=$((patience - 1))
done
kill "$pinging" 2> /dev/null
if grep -q "bytes from" "$answers"; then echo answered=yes; fi
rm -f "$answers"
ip neigh show to "$address" dev "$link" | while read -r _ words; do
  set -- $words
  while [ $# -gt 0 ]; do
    case $1 in
      lladdr) echo "mac=$2" ;;
      REACHABLE|STALE|DELAY|PROBE|FAILED|INCOMPLETE|PERMANENT|NOARP) echo "state=$1" ;;
    esac
    shift
  done
done
`;

export async function askOnLan(
  host: Host,
  address: string,
  { link = "", tenths }: { link?: string; tenths: number },
): Promise<LanAnswer> {
  const { stdout } = await host.run(["sh", "-c", script, "sh", address, link, String(tenths)]);
  return parseAnswer(stdout);
}

/** Reads the script's lines; a MAC address of a neighbour that failed or is still asked for says nothing. */
export function parseAnswer(output: string): LanAnswer {
  const value = (key: string) => new RegExp(`^${key}=(.+)$`, "m").exec(output)?.[1];
  const isKnown = /^(REACHABLE|STALE|DELAY|PROBE|PERMANENT)$/.test(value("state") ?? "");
  return {
    link: value("link"),
    isAnswered: value("answered") === "yes",
    mac: isKnown ? value("mac")?.toLowerCase() : undefined,
    isFresh: value("fresh") === "yes",
    unable: value("unable"),
  };
}

/** A host's first address of a family on an interface, of those that are good for more than that link. */
export async function addressOn(host: Host, link: string, family: 4 | 6): Promise<string | undefined> {
  try {
    const shown = await host.run(["ip", `-${family}`, "-o", "addr", "show", "dev", link, "scope", "global"]);
    return /\binet6? ([\da-f.:]+)/.exec(shown.stdout)?.[1];
  } catch (error) {
    if (isCode(error, "command-failed")) return undefined;
    throw error;
  }
}
