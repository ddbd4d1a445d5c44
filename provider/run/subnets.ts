import { type Cidr, formatCidr, overlap } from "../net/ip";

/** One network's addresses, as a program asks for them. */
export interface Claim {
  owner: string;
  /** The network's name. */
  name: string;
  /** Ids of the hosts that it is on. */
  hosts: readonly string[];
  /** In the program's order; undefined where one is not known yet. */
  subnets: readonly (Cidr | undefined)[];
}

export interface Overlap {
  /** Which of the claimed subnets. */
  index: number;
  /** The name of the network that has it already. */
  other: string;
  subnet: string;
}

/** The subnets of all networks of one run, to see in a preview where two networks of one host overlap. */
export class Subnets {
  private readonly claims = new Map<string, Claim>();

  /** Enters a network, in place of what the same owner entered before; returns where it overlaps others. */
  enter(claim: Claim): Overlap[] {
    this.claims.set(claim.owner, claim);
    const others = [...this.claims.values()].filter(
      ({ owner, hosts }) => owner !== claim.owner && hosts.some((host) => claim.hosts.includes(host)),
    );
    return claim.subnets.flatMap((subnet, index) => {
      if (!subnet) return [];
      return others.flatMap(({ name, subnets }) => {
        const taken = subnets.find((other) => other && overlap(other, subnet));
        return taken ? [{ index, other: name, subnet: formatCidr(taken) }] : [];
      });
    });
  }
}
