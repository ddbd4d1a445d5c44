import { BURST } from "./answers";

/**
 * What runs on a host to send packets out of a sandbox. Constant texts of POSIX shell: addresses and paths come as
 * arguments. They need `nsenter` (util-linux) and `ping`, or bash where there is none, of the host, and nothing of the
 * image; perl is used where the host has it. See docs/decisions/0008-proof-on-the-data-plane.md.
 */

/**
 * For hosts without ping: a UDP datagram to a port where nobody listens is answered by ICMP, which fails whatever comes next
 * on the socket, as a refused connection: the reading, or where that has just ended the next datagram. That there is no way to
 * the address fails them, too, by another word, and is no answer. $1 address, $2 bytes, $3 seconds.
 */
const byUdp = `
LC_ALL=C packet=$(printf "%\${2}s" x) sent=0
exec 3<>"/dev/udp/$1/33434" || exit 1
while [ $sent -lt $(($3 * 10)) ]; do
  sent=$((sent + 1))
  case $({ printf %s "$packet" >&3 && read -r -t 0.1 answer <&3 && echo answered; } 2>&1) in
    *answered* | *refused*)
      echo "$sent packets transmitted, 1 received"
      exit
      ;;
  esac
done
echo "$sent packets transmitted, 0 received"
`;

/**
 * For perl: a ping of many addresses at once by a single process, of one packet each; a ping for each is most of what a proof
 * costs. $1 bytes, $2 seconds, then for each address three words of which it is the first. Prints the addresses that answered,
 * and at the end "glanced" where all could be asked. Without modules, which take longer than all else; the numbers are Linux's:
 * a raw socket for ICMP, with room for the answers of some thousand addresses and for nothing but echo replies. An answer counts
 * only from who was asked.
 */
const glanceByPerl = `
my ($bytes, $left, @words) = @ARGV;
socket(my $socket, 2, 3, 1) or die;
setsockopt($socket, 1, 33, pack("i", 1 << 22));
setsockopt($socket, 255, 1, pack("L", 0xfffffffe));
my ($id, $number, $unsent, %silent) = ($$ & 0xffff, 0, 0);
while (my ($address) = splice(@words, 0, 3)) {
  my $packet = pack("CCnnna*", 8, 0, 0, $id, ++$number, "x" x $bytes);
  my $sum = unpack("%32n*", $packet . pack("x") x (length($packet) % 2));
  $sum = ($sum & 0xffff) + ($sum >> 16);
  substr($packet, 2, 2) = pack("n", ~($sum + ($sum >> 16)) & 0xffff);
  send($socket, $packet, 0, pack("SnC4x8", 2, 0, split(/[.]/, $address))) ? $silent{$address} = $number : $unsent++;
}
while (%silent) {
  vec(my $readable = "", fileno($socket), 1) = 1;
  (my $found, $left) = select($readable, undef, undef, $left);
  last unless $found > 0;
  defined(recv($socket, my $answer, 65535, 0)) or next;
  my $address = join(".", unpack("x12C4", $answer));
  my ($type, $their_id, $sequence) = unpack("Cx3nn", substr($answer, 4 * (ord($answer) & 15)));
  next unless $type == 0 && $their_id == $id && ($silent{$address} || 0) == $sequence;
  delete $silent{$address};
  print "$address ";
}
print "glanced" unless $unsent;
`;

/**
 * In the sandbox. $1 and $2 the texts above, $3 seconds of a first glance at all addresses or 0 for none, $4 bytes, then for
 * each address: the address, how many packets more, and for how many seconds it is waited each time that it is tried after
 * that. An endpoint that is new is not known at once to the other hosts; the first question for its MAC address is lost then,
 * and the kernel asks again only a second later, unless it is made to forget that it has asked.
 */
const toEach = `
by_udp=$1 glance=$2 seconds=$3 size=$4 seen=
answered="1 packets transmitted, 1 received" silent="1 packets transmitted, 0 received"
shift 4
command -v ping >/dev/null || command -v bash >/dev/null || { echo "there is neither ping nor bash" >&2; exit 127; }
# What commands say is put into one line, word by word, and no word of it is a pattern.
set -f
forget() { ip neigh flush to "$1" nud incomplete 2>/dev/null; }
# $4 what the glance came to.
probe() {
  said=$4
  case $said in
    "") times="$seconds $3" ;;
    "$answered") times= ;;
    *) times=$3 && forget "$1" ;;
  esac
  for patience in $times; do
    [ "$patience" = 0 ] && continue
    said=$(timeout -s INT "$patience" ping -q -c 1 -i 0.1 -w 9 -s "$size" "$1" 2>&1)
    case $said in
      *" 0 received"*) forget "$1" ;;
      *transmitted*) break ;;
      *)
        said=$(bash -c "$by_udp" bash "$1" "$size" 1 2>&1)
        break
        ;;
    esac
  done
  case $2$said in
    0*|*" 0 received"*) ;;
    *)
      # Where none comes back it would wait for ten seconds.
      said="$said ${BURST} $(ping -q -f -c $(($2 + 1)) -W 1 -s "$size" "$1" 2>&1)"
      ;;
  esac
  echo "$1" $said
}
if [ "$seconds" != 0 ] && command -v perl >/dev/null; then
  seen=" $(perl -e "$glance" "$size" "$seconds" "$@" 2>/dev/null)"
fi
while [ $# -gt 2 ]; do
  known=
  case $seen in
    *" $1 "*) known=$answered ;;
    *glanced*) known=$silent ;;
  esac
  case $2$known in
    "0$answered") echo "$1 $known" ;;
    *) probe "$1" "$2" "$3" "$known" & ;;
  esac
  shift 3
done
wait
`;

/**
 * $1 the sandbox's namespace, then what is said above from the glance on. The namespace is entered once for all addresses. Ends
 * with 1 where it cannot be, or where sudo does not find nsenter, and with 127 where anything else is missing on the host.
 */
export const inSandbox = `
netns=$1
shift
$sudo nsenter --net="$netns" sh -c '${toEach}' sh '${byUdp}' '${glanceByPerl}' "$@"
`;

/** In a container, by its own ping. $1 bytes, then the addresses. */
export const inContainer = `
size=$1
shift
command -v ping >/dev/null || { echo "there is none" >&2; exit 127; }
set -f
probe() {
  said=$(ping -q -c 2 -W 1 -s "$size" "$1" 2>&1)
  echo "$1" $said
}
for address do
  probe "$address" &
done
wait
`;

/**
 * The namespaces of a network on a host, of which there is at most one: `namespaces_of <id>`. An engine calls it by how often
 * it has set it up and as much of the network's id as makes twelve characters: `1-9d23000caa`, `11-9d23000ca`. Source:
 * libnetwork 19.03, `drivers/overlay/ov_network.go` (initSandbox), `osl/namespace_linux.go` (GenerateKey).
 */
const namespacesOf = `
namespaces_of() {
  for netns in /var/run/docker/netns/[0-9]*-?*; do
    [ -e "$netns" ] || continue
    case $1 in "\${netns##*-}"*) echo "$netns" ;; esac
  done
}
`;

/** $1 the network's id: what its namespace knows of the other hosts' endpoints. */
export const forwarding = `${namespacesOf}
for netns in $(namespaces_of "$1"); do
  $sudo nsenter --net="$netns" sh -c 'ip -4 neigh show && bridge fdb show' || exit 1
done
`;

/**
 * $1 the network's id, then for each entry: the VXLAN, a MAC address, its IPv4 address, and the host where packets for it are
 * to be sent, or nothing where it is a container of this host. What the bridge has learned from answers to a wrong neighbour
 * goes, too.
 */
export const correction = `${namespacesOf}
network=$1 failed=0
shift
while [ $# -gt 3 ]; do
  for netns in $(namespaces_of "$network"); do
    in="$sudo nsenter --net=$netns"
    if [ -n "$4" ]; then
      $in ip neigh replace "$3" lladdr "$2" dev "$1" nud permanent &&
        $in bridge fdb replace "$2" dev "$1" dst "$4" self permanent || failed=1
    else
      # Any of them may be missing; whether it helped is seen by the next packets.
      $in ip neigh del "$3" dev "$1" 2>/dev/null
      $in bridge fdb del "$2" dev "$1" self 2>/dev/null
      $in bridge fdb del "$2" dev "$1" master 2>/dev/null
    fi
  done
  shift 4
done
exit $failed
`;

/** $1 the network's id, $2 the namespace of a sandbox on it: how many packets went and came. */
export const counters = `${namespacesOf}
for netns in $(namespaces_of "$1"); do
  $sudo nsenter --net="$netns" ip -s link show type vxlan || exit 1
done
$sudo nsenter --net="$2" cat /proc/net/snmp
`;

/**
 * For bash. $1 address: whether the engine there answers to gossip over UDP. What is sent is memberlist's ping to a node of
 * any name, which it answers with a message of kind 2.
 */
export const gossipPing = `
exec 3<>"/dev/udp/$1/7946" || exit 1
for try in 1 2 3 4; do
  printf "\\0\\202\\245SeqNo\\1\\244Node\\240" >&3
  LC_ALL=C read -r -t 0.5 -n 1 kind <&3 && [ "$kind" = "$(printf "\\2")" ] && { echo answers; exit; }
done 2>/dev/null
echo silent
`;
