import { largestGap } from "../net/gaps";
import { type Address, type Cidr, containsAddress, formatCidr, isSame, parseAddress, parseCidr } from "../net/ip";
import { own } from "../own";
import { hasUnknown } from "../unknown";

/** A LAN over many hosts, as its resource's check plans it. */
interface Lan {
  owner: string;
  plan: Record<string, { ipRange: string; ipv6Range?: string; auxAddress?: Record<string, string> }>;
  ipamConfigs: { subnet: string; gateway?: string; ipRange?: string; auxAddress?: Record<string, string> }[];
}

/** A container that wants an address for good. */
export interface Fixed {
  /** The container's owner label: who claims again takes the place of its own earlier claim. */
  owner: string;
  name: string;
  host: string;
  network: string;
  address: string;
}

/** The LANs that a run has met, so that a container's fixed address can be held against their plans in a preview. */
export class Lans {
  private readonly byName = new Map<string, Lan[]>();
  private readonly plans = new Map<string, Lan["plan"]>();
  /** By LAN and address. */
  private readonly holders = new Map<string, Fixed>();

  /** Enters a resource's inputs, where they are those of a LAN whose plan is known. */
  meet(inputs: object): void {
    const { name, owner, plan, ipamConfigs } = inputs as Partial<Lan> & { name?: unknown };
    if (typeof name !== "string" || !isRecord(plan) || !Array.isArray(ipamConfigs)) return;
    if (hasUnknown(plan) || hasUnknown(ipamConfigs)) return;
    const others = (this.byName.get(name) ?? []).filter((lan) => !Object.keys(plan).some((id) => own(lan.plan, id)));
    this.byName.set(name, [...others, { owner: String(owner), plan, ipamConfigs }]);
    this.plans.set(String(owner), plan);
  }

  /**
   * The plan that a resource had when it was last checked in this run. A resource that is replaced is checked a second
   * time, as if it had never been there: its hosts are to keep their blocks all the same.
   */
  planOf(owner: string): Lan["plan"] | undefined {
    return this.plans.get(owner);
  }

  /**
   * What an address would have to be for a container to have it for good; nothing where it may. With `isHeld` no other
   * container of the program may have it then.
   */
  expectationOf(fixed: Fixed, isHeld: boolean): string | undefined {
    const lan = this.byName.get(fixed.network)?.find(({ plan }) => own(plan, fixed.host) !== undefined);
    const address = parseAddress(fixed.address);
    if (!lan || !address) return undefined;
    return expectation(lan, fixed.host, address) ?? (isHeld ? this.hold(lan, fixed) : undefined);
  }

  private hold({ owner }: Lan, fixed: Fixed): string | undefined {
    const key = `${owner} ${fixed.address}`;
    const holder = this.holders.get(key);
    if (holder && holder.owner !== fixed.owner) {
      return `not to be that of the container "${holder.name}" on ${holder.host}`;
    }
    this.holders.set(key, fixed);
    return undefined;
  }
}

function isRecord(value: unknown): value is Lan["plan"] {
  return typeof value === "object" && value !== null;
}

function expectation({ plan, ipamConfigs }: Lan, host: string, address: Address): string | undefined {
  const config = ipamConfigs.find(({ subnet }) => containsAddress(parseCidr(subnet)!, address));
  if (!config) return `to lie in the network's subnet, ${ipamConfigs.map(({ subnet }) => subnet).join(" or ")}`;
  const isIt = (text: string) => {
    const other = parseAddress(text);
    return other !== undefined && isSame(other, address);
  };
  const isAmong = (record: Record<string, string> = {}) => Object.values(record).some(isIt);
  if (config.gateway !== undefined && isIt(config.gateway)) return "not to be the network's gateway";
  const itsHost = Object.keys(plan).find((id) => isIt(id) || isIt(id.replace(/^\[?(.*?)\]?:\d+$/, "$1")));
  if (itsHost !== undefined) return `not to be the address of the host ${itsHost}`;
  const mine = blocksOf(own(plan, host)!).find((block) => containsAddress(block, address));
  if (mine && isAmong(own(plan, host)!.auxAddress)) return "not to be reserved in its host's block";
  const pool = parseCidr(config.ipRange ?? config.subnet)!;
  const blocks = Object.values(plan).flatMap(blocksOf);
  if (![pool, ...blocks].some((block) => containsAddress(block, address))) return undefined;
  if (!mine && isAmong(config.auxAddress)) return undefined;
  const others = mine ? "another container on its host" : "another host's containers";
  const subnet = parseCidr(config.subnet)!;
  const gap = largestGap(subnet, [pool, ...blocks]);
  const free = gap
    ? `free for fixed addresses is ${gap}`
    : `nothing is: give the network an \`ipRange\` that is smaller than ${formatCidr(subnet)}`;
  const orReserved = mine ? "" : ", or to be reserved by the network's `auxAddress`";
  return `to lie outside of what is shared out between the hosts (${free})${orReserved}, since ${others} may get it`;
}

function blocksOf({ ipRange, ipv6Range }: Lan["plan"][string]): Cidr[] {
  return [ipRange, ipv6Range].flatMap((text) => (text === undefined ? [] : [parseCidr(text)!]));
}
