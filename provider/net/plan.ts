import { type Cidr, containsCidr, overlap, size } from "./ipv4";

export interface PlanRequest {
  /** The addresses to share out. */
  pool: Cidr;
  /** The hosts, by id, in the program's order. */
  hosts: readonly string[];
  /** The blocks handed out so far. A host that has one keeps it. */
  previous: Readonly<Record<string, Cidr>>;
}

export type Plan = { blocks: Record<string, Cidr> } | { full: { blocks: number; hosts: number } };

/** The fewest blocks a pool is cut into, so that there is room for hosts that come later. */
const FEWEST_BLOCKS = 4;

/**
 * Gives each host a block of the pool that is no other host's. A host keeps its block for as long as it stays, whoever
 * else comes or goes; a host that comes takes the lowest free block. The first plan cuts the pool into twice as many
 * blocks as there are hosts (rounded up to a power of two, at least 4), and later plans keep that size.
 */
export function planBlocks({ pool, hosts, previous }: PlanRequest): Plan {
  const kept = Object.entries(previous).filter(([host, block]) => hosts.includes(host) && containsCidr(pool, block));
  const prefix = kept[0]?.[1].prefix ?? firstPrefix(pool, hosts.length);
  const count = 2 ** Math.max(0, prefix - pool.prefix);
  if (hosts.length > count) return { full: { blocks: count, hosts: hosts.length } };

  const blocks = Object.fromEntries(kept);
  let next = 0;
  for (const host of hosts) {
    if (blocks[host]) continue;
    while (next < count && kept.some(([, taken]) => overlap(taken, blockAt(pool, prefix, next)))) next++;
    if (next === count) return { full: { blocks: count, hosts: hosts.length } };
    blocks[host] = blockAt(pool, prefix, next++);
  }
  return { blocks };
}

function blockAt(pool: Cidr, prefix: number, index: number): Cidr {
  return { base: pool.base + index * size({ prefix }), prefix };
}

function firstPrefix(pool: Cidr, hosts: number): number {
  const blocks = Math.max(FEWEST_BLOCKS, 2 ** Math.ceil(Math.log2(Math.max(1, hosts) * 2)));
  return Math.min(32, pool.prefix + Math.log2(blocks));
}
