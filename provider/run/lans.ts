import { type Address, type Cidr, containsAddress, formatCidr, isSame, parseAddress, parseCidr } from "../net/ip";
import { own } from "../own";
import { hasUnknown } from "../unknown";

/** A LAN over many hosts, as its resource's check plans it. */
interface Lan {
  plan: Record<string, { ipRange: string; ipv6Range?: string; auxAddress?: Record<string, string> }>;
  ipamConfigs: { subnet: string; gateway?: string; ipRange?: string; auxAddress?: Record<string, string> }[];
}

/** The LANs that a run has met, so that a container's fixed address can be held against their plans in a preview. */
export class Lans {
  private readonly byName = new Map<string, Lan[]>();
  private readonly plans = new Map<string, Lan["plan"]>();

  /** Enters a resource's inputs, where they are those of a LAN whose plan is known. */
  meet(inputs: object): void {
    const { name, owner, plan, ipamConfigs } = inputs as Partial<Lan> & { name?: unknown; owner?: unknown };
    if (typeof name !== "string" || !isRecord(plan) || !Array.isArray(ipamConfigs)) return;
    if (hasUnknown(plan) || hasUnknown(ipamConfigs)) return;
    const others = (this.byName.get(name) ?? []).filter((lan) => !Object.keys(plan).some((id) => own(lan.plan, id)));
    this.byName.set(name, [...others, { plan, ipamConfigs }]);
    this.plans.set(String(owner), plan);
  }

  /**
   * The plan that a resource had when it was last checked in this run. A resource that is replaced is checked a second
   * time, as if it had never been there: its hosts are to keep their blocks all the same.
   */
  planOf(owner: string): Lan["plan"] | undefined {
    return this.plans.get(owner);
  }

  /** What an address would have to be for a container on this host to have it for good; nothing where it may. */
  expectationOf(network: string, host: string, text: string): string | undefined {
    const lan = this.byName.get(network)?.find(({ plan }) => own(plan, host) !== undefined);
    const address = parseAddress(text);
    return lan && address && expectation(lan, host, address);
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
  const mine = own(plan, host)!;
  if (blocksOf(mine).some((block) => containsAddress(block, address))) {
    return isAmong(mine.auxAddress) ? "not to be reserved in its host's block" : undefined;
  }
  const isShared = containsAddress(parseCidr(config.ipRange ?? config.subnet)!, address);
  const isBlock = Object.values(plan).some((each) => blocksOf(each).some((block) => containsAddress(block, address)));
  if ((!isShared && !isBlock) || isAmong(config.auxAddress)) return undefined;
  const block = blocksOf(mine).find(({ family }) => family === address.family);
  return `to lie in its host's block ${block ? formatCidr(block) : ""}, or outside of what is shared out, or to be reserved by the network's \`auxAddress\`, since another host's containers may get it`;
}

function blocksOf({ ipRange, ipv6Range }: Lan["plan"][string]): Cidr[] {
  return [ipRange, ipv6Range].flatMap((text) => (text === undefined ? [] : [parseCidr(text)!]));
}
