import {
  type Address,
  type Cidr,
  containsAddress,
  type Family,
  formatAddress,
  formatCidr,
  isSame,
  overlap,
  parseAddress,
  parseCidr,
} from "../../net/ip";
import { highestFree, type Plan, planBlocks } from "../../net/plan";
import { own } from "../../own";
import type { Failures } from "../shared/failures";
import type { GivenInputs, HostPlan, LanConfig } from "./inputs";

/** Names of addresses that we reserve begin with this; a host keeps those of its block for as long as the block. */
export const OUR_NAMES = "crosshost-";

/** How the shim of a host is named among its reserved addresses. */
export const SHIM = { 4: `${OUR_NAMES}shim`, 6: `${OUR_NAMES}shim-ipv6` } as const;

const RANGE = { 4: "ipRange", 6: "ipv6Range" } as const;

/** Shares the LAN out between the hosts, leaving every host what it had. */
export function planHosts(
  ids: readonly string[],
  given: GivenInputs,
  oldPlan: Record<string, HostPlan>,
  failures: Failures,
): Record<string, HostPlan> {
  const lans = given.ipamConfigs.map((config, i) => lanOf(config, i, ids, given));
  const shares = lans.map((lan) => ({ ...lan, blocks: shareOut(lan, ids, oldPlan, failures) }));
  if (failures.list.length > 0) return {};
  return Object.fromEntries(
    ids.map((id, i) => {
      const { parent } = given.hosts[i]!;
      const ranges = shares.map(({ family, blocks }) => [RANGE[family], formatCidr(blocks[id]!)]);
      const auxAddress = together(shares.map((lan) => reservedWithin(lan, id, own(oldPlan, id), given)));
      const plan = {
        parent: given.vlan === undefined ? parent : `${parent}.${given.vlan}`,
        ...(Object.fromEntries(ranges) as Pick<HostPlan, "ipRange">),
        ...(Object.keys(auxAddress).length > 0 ? { auxAddress } : {}),
      };
      for (const lan of shares) {
        checkOwnAddresses(lan, id, plan, ids, failures);
        checkShim(lan, id, plan, given, failures);
      }
      return [id, plan];
    }),
  );
}

/** One subnet, and what is reserved in it. */
interface Lan {
  at: string;
  family: Family;
  subnet: Cidr;
  pool: Cidr;
  /** The blocks that the program gives to hosts. */
  given: Record<string, Cidr>;
  /** By the names the program gives. */
  aux: [name: string, address: Address][];
  /** The hosts' own addresses, as far as they are reached by them. */
  ownAddresses: [host: string, address: Address][];
  reserved: Address[];
}

function lanOf(config: LanConfig, index: number, ids: readonly string[], { hosts }: GivenInputs): Lan {
  const subnet = parseCidr(config.subnet)!;
  const { family } = subnet;
  const range = RANGE[family];
  const given = ids.flatMap((id, i) => (hosts[i]?.[range] === undefined ? [] : [[id, parseCidr(hosts[i][range])!]]));
  const aux = Object.entries(config.auxAddress ?? {}).map(([name, text]): [string, Address] => [
    name,
    parseAddress(text)!,
  ]);
  const ownAddresses = ids.flatMap((id): [string, Address][] => {
    const address = parseAddress(id) ?? parseAddress(id.replace(/^\[?(.*?)\]?:\d+$/, "$1"));
    return address && containsAddress(subnet, address) ? [[id, address]] : [];
  });
  const gateway = config.gateway === undefined ? [] : [parseAddress(config.gateway)!];
  return {
    ...{
      at: `ipamConfigs[${index}]`,
      family,
      subnet,
      pool: parseCidr(config.ipRange ?? config.subnet)!,
      aux,
      ownAddresses,
    },
    given: Object.fromEntries(given),
    reserved: [...gateway, ...[...aux, ...ownAddresses].map(([, address]) => address)],
  };
}

function shareOut(
  lan: Lan,
  ids: readonly string[],
  oldPlan: Record<string, HostPlan>,
  failures: Failures,
): Record<string, Cidr> {
  const previous = Object.entries(oldPlan).flatMap(([id, plan]) => {
    const block = plan[RANGE[lan.family]];
    return block === undefined ? [] : [[id, parseCidr(block)!]];
  });
  const plan = planBlocks({ ...lan, hosts: ids, previous: Object.fromEntries(previous) });
  if ("blocks" in plan) return plan.blocks;
  if ("clash" in plan) {
    const { host, with: other, block } = plan.clash;
    const property = `hosts[${ids.indexOf(host)}].${RANGE[lan.family]}`;
    failures.expected(
      property,
      `not to overlap the block ${formatCidr(block)} that ${other} has`,
      formatCidr(lan.given[host]!),
    );
  } else {
    sayFull(lan, plan, failures);
  }
  return {};
}

function sayFull({ at, pool, subnet }: Lan, { full }: Extract<Plan, { full: unknown }>, failures: Failures): void {
  const wider = pool.prefix > subnet.prefix && parseCidr(`${formatCidr(pool).split("/")[0]}/${pool.prefix - 1}`);
  const cure = wider
    ? `give a larger range, such as ${formatCidr(wider)}, in which the hosts keep the blocks they have`
    : `give hosts smaller blocks of their own by \`hosts[].${RANGE[pool.family]}\`, or take a larger subnet`;
  failures.say(
    `${at}.ipRange`,
    `Expected \`${at}.ipRange\` to have room for ${full.hosts} hosts, but ${formatCidr(pool)} has room for ${full.room}, a /${full.prefix} each; ${cure}`,
  );
}

/** What containers of a host do not get of its block; of what we reserved for it before, nothing is given up. */
function reservedWithin(
  lan: Lan & { blocks: Record<string, Cidr> },
  id: string,
  old: HostPlan | undefined,
  { hostAccess }: GivenInputs,
): Record<string, string> {
  const { family, subnet, reserved } = lan;
  const block = lan.blocks[id]!;
  const isKept = old?.[RANGE[family]] === formatCidr(block);
  const within = ([, address]: [string, Address]) => containsAddress(block, address);
  const ours: [string, Address][] = isKept
    ? Object.entries(old.auxAddress ?? {})
        .filter(([name]) => name.startsWith(OUR_NAMES))
        .map(([name, text]): [string, Address] => [name, parseAddress(text)!])
        .filter(within)
        // What the program has reserved since is somebody else's: the shim takes another.
        .filter(([name, address]) => !isShim(name) || !lan.aux.some(([, taken]) => isSame(taken, address)))
    : lan.ownAddresses.filter(within).map(([host, address]) => [`${OUR_NAMES}host-${host}`, address]);
  const shim = SHIM[family];
  if (hostAccess && !ours.some(([name]) => name === shim)) {
    const address = highestFree(block, subnet, [...reserved, ...ours.map(([, taken]) => taken)]);
    if (address) ours.push([shim, address]);
  }
  const entries = [...lan.aux.filter(within), ...ours].map(([name, address]) => [name, formatAddress(address)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a! < b! ? -1 : 1)));
}

const isShim = (name: string) => Object.values<string>(SHIM).includes(name);

/** Whether a host's block keeps an address for somebody on the LAN: its own shim is nobody else. */
export function isKept({ auxAddress = {} }: HostPlan, address: Address): boolean {
  const kept = Object.entries(auxAddress).filter(([name]) => !isShim(name));
  return kept.some(([, text]) => isSame(parseAddress(text)!, address));
}

/** One name may stand for an address of each family. */
function together(reserved: readonly Record<string, string>[]): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, address] of reserved.flatMap((part) => Object.entries(part))) {
    all[Object.hasOwn(all, name) ? `${name}-ipv6` : name] = address;
  }
  return all;
}

/** A host that comes may have an address that another host's containers may have: that is for the program to settle. */
function checkOwnAddresses(
  { at, blocks, ownAddresses, family }: Lan & { blocks: Record<string, Cidr> },
  id: string,
  plan: HostPlan,
  ids: readonly string[],
  failures: Failures,
): void {
  for (const [host, address] of ownAddresses) {
    if (!containsAddress(blocks[id]!, address)) continue;
    if (isKept(plan, address)) continue;
    const property = `hosts[${ids.indexOf(host)}].connection`;
    failures.say(
      property,
      `Expected \`${property}\` to have an address outside the blocks that other hosts have, but ${formatAddress(address)} lies in ${formatCidr(blocks[id]!)}, from which containers on ${id} get theirs; reserve it in \`${at}.auxAddress\`, which makes the network anew, or give ${id} another \`hosts[].${RANGE[family]}\``,
    );
  }
}

/** The route to the block must not be the one to the LAN, and the block must have an address left. */
function checkShim(
  { at, blocks, family, subnet }: Lan & { blocks: Record<string, Cidr> },
  id: string,
  { auxAddress = {} }: HostPlan,
  { hostAccess }: GivenInputs,
  failures: Failures,
): void {
  const block = blocks[id]!;
  if (!hostAccess || (auxAddress[SHIM[family]] !== undefined && block.prefix > subnet.prefix)) return;
  failures.say(
    "hostAccess",
    `Expected \`hostAccess\` to be false, or the block of ${id} in \`${at}\` to be smaller than the subnet and to have an address left, got \`${formatCidr(block)}\``,
  );
}

/** Blocks that the program gives have to keep clear of each other. */
export function checkGivenRanges({ hosts, ipamConfigs }: GivenInputs, failures: Failures): void {
  for (const { subnet: text } of ipamConfigs) {
    const subnet = parseCidr(text)!;
    const range = RANGE[subnet.family];
    const seen: [string, Cidr][] = [];
    hosts.forEach((host, i) => {
      const block = host[range] === undefined ? undefined : parseCidr(host[range]);
      if (!block) return;
      const property = `hosts[${i}].${range}`;
      if (block.family !== subnet.family || !overlap(subnet, block) || block.prefix < subnet.prefix) {
        failures.expected(property, `to lie in the subnet ${text}`, host[range]);
      }
      const other = seen.find(([, earlier]) => overlap(earlier, block));
      if (other) failures.expected(property, `not to overlap \`${other[0]}\``, host[range]);
      seen.push([property, block]);
    });
  }
}
