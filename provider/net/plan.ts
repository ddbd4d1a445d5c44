import { own } from "../own";
import {
  type Address,
  around,
  bitsOf,
  type Cidr,
  containsAddress,
  containsCidr,
  firstAddress,
  isSame,
  lastAddress,
  overlap,
  size,
} from "./ip";

export interface PlanRequest {
  subnet: Cidr;
  /** The addresses to share out. */
  pool: Cidr;
  /** The hosts, by id, in the program's order. */
  hosts: readonly string[];
  /** The blocks that the program gives to hosts itself; they may lie outside the pool, and do not overlap. */
  given?: Readonly<Record<string, Cidr>>;
  /** The blocks handed out so far. A host that has one keeps it; those of hosts that leave are handed out last. */
  previous: Readonly<Record<string, Cidr>>;
  /** Addresses that no container may get. Blocks without any are handed out first. */
  reserved?: readonly Address[];
}

export type Plan =
  | { blocks: Record<string, Cidr> }
  /** The pool has room for so many of the hosts, with a block of this prefix each. */
  | { full: { room: number; hosts: number; prefix: number } }
  /** The block given to a host overlaps that which another host has. */
  | { clash: { host: string; with: string; block: Cidr } };

/** The fewest blocks a pool is cut into, so that there is room for hosts that come later. */
const FEWEST_BLOCKS = 4;

/**
 * Gives each host a block that is no other host's. A host keeps its block for as long as it stays, whoever else comes or
 * goes, and whatever the pool grows to; a host that comes takes the lowest free block. A block of a host that leaves goes to
 * one that comes only where no other is free, since nobody knows here whether the host could be left. The first plan cuts
 * the pool into twice as many blocks as there are hosts (rounded up to a power of two, at least 4), and later plans keep
 * that size.
 */
export function planBlocks(request: PlanRequest): Plan {
  const { subnet, pool, hosts, given = {}, previous, reserved = [] } = request;
  const kept = hosts
    .filter((host) => own(given, host) === undefined)
    .map((host): [string, Cidr | undefined] => [host, own(previous, host)])
    .filter((entry): entry is [string, Cidr] => entry[1] !== undefined && containsCidr(pool, entry[1]))
    // Two have one block only after somebody changed a host by hand.
    .filter(([, block], i, all) => !all.slice(0, i).some(([, other]) => overlap(other, block)));
  for (const [host, block] of Object.entries(given)) {
    const holder = kept.find(([, taken]) => overlap(taken, block));
    if (holder) return { clash: { host, with: holder[0], block: holder[1] } };
  }

  const taken = [...kept, ...Object.entries(given)].map(([, block]) => block);
  const newcomers = hosts.filter((host) => own(given, host) === undefined && !kept.some(([keeper]) => keeper === host));
  const sharers = kept.length + newcomers.length;
  const prefix = kept.length > 0 ? Math.min(...kept.map(([, block]) => block.prefix)) : firstPrefix(pool, sharers);
  const unusable = [...reserved, ...networkAndBroadcast(subnet)];
  const hasRoom = (block: Cidr) => size(block) > countWithin(block, unusable);
  const spoiled = blocksAround(reserved, prefix).filter((block) => containsCidr(pool, block));
  const exhausted = blocksAround(unusable, prefix).filter((block) => !hasRoom(block));
  const freeBut = (inTheWay: readonly Cidr[]) => [
    ...lowestFree(newcomers.length, pool, prefix, [...taken, ...spoiled, ...exhausted, ...inTheWay]),
    ...spoiled.filter((block) => hasRoom(block) && ![...taken, ...inTheWay].some((other) => overlap(other, block))),
  ];
  const left = Object.entries(previous).filter(([host]) => !hosts.includes(host));
  const clear = freeBut(left.map(([, block]) => block));
  const free =
    clear.length < newcomers.length
      ? [...clear, ...freeBut([]).filter((block) => !clear.some((other) => overlap(other, block)))]
      : clear;
  if (free.length < newcomers.length) return { full: { room: kept.length + free.length, hosts: sharers, prefix } };
  return {
    blocks: Object.fromEntries([...kept, ...Object.entries(given), ...newcomers.map((host, i) => [host, free[i]!])]),
  };
}

/** The highest address of a block that a container could have and that is not reserved. */
export function highestFree(block: Cidr, subnet: Cidr, reserved: readonly Address[]): Address | undefined {
  const unusable = [...reserved, ...networkAndBroadcast(subnet)];
  for (let { value } = lastAddress(block); value >= block.base; value--) {
    const address = { family: block.family, value };
    if (!unusable.some((other) => isSame(other, address))) return address;
  }
  return undefined;
}

/** Up to so many of a pool's blocks that overlap nothing in the way, the lowest first. */
function lowestFree(count: number, pool: Cidr, prefix: number, inTheWay: readonly Cidr[]): Cidr[] {
  const found: Cidr[] = [];
  const step = size({ family: pool.family, prefix });
  const end = pool.base + size(pool);
  for (let base = pool.base; base < end && found.length < count; ) {
    const block = { family: pool.family, base, prefix };
    const obstacle = inTheWay.find((other) => overlap(other, block));
    if (!obstacle) found.push(block);
    // A large block in the way is passed at once: a pool of IPv6 has more small ones than can be counted.
    base = obstacle && obstacle.prefix < prefix ? obstacle.base + size(obstacle) : base + step;
  }
  return found;
}

/** The blocks of this prefix that hold one of the addresses, each once, the lowest first. */
function blocksAround(addresses: readonly Address[], prefix: number): Cidr[] {
  const blocks = addresses.map((address) => around(address, prefix));
  const distinct = blocks.filter((block, i) => blocks.findIndex(({ base }) => base === block.base) === i);
  return distinct.sort((a, b) => (a.base < b.base ? -1 : 1));
}

function firstPrefix(pool: Cidr, hosts: number): number {
  const blocks = Math.max(FEWEST_BLOCKS, 2 ** Math.ceil(Math.log2(Math.max(1, hosts) * 2)));
  return Math.min(bitsOf(pool.family), pool.prefix + Math.log2(blocks));
}

/** What IPv4 keeps for itself of a subnet. */
function networkAndBroadcast(subnet: Cidr): Address[] {
  return subnet.family === 6 || subnet.prefix >= 31 ? [] : [firstAddress(subnet), lastAddress(subnet)];
}

function countWithin(block: Cidr, addresses: readonly Address[]): bigint {
  const values = addresses.filter((address) => containsAddress(block, address)).map(({ value }) => value);
  return BigInt(new Set(values).size);
}
