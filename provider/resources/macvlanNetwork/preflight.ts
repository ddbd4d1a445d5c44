import type { Network } from "../../docker/types";
import type { Link } from "../../engine/links";
import { requireOwnShim } from "../../engine/shim";
import { CrosshostError } from "../../errors";
import { around, containsAddress, formatCidr, overlap, parseAddress, parseCidr } from "../../net/ip";
import { requireOursOrSame } from "../shared/network";
import { belongsTo } from "../shared/owned";
import { requireNoForeignEndpoints } from "../shared/removeNetwork";
import type { LanDriver } from "./driver";
import { type HostFacts, isDead, taggedParent } from "./facts";
import type { MacvlanNetworkInputs } from "./inputs";
import { wantedOnHost } from "./onHost";
import { isKept } from "./planHosts";

/** From this version on Docker makes several macvlan networks on one parent. Source: moby's release notes of 27.0. */
const MANY_ON_ONE_PARENT = 27;
/** From this version on it knows l3s and ipvlan's flags; older ones refuse the one and pass over the other. */
const IPVLAN_FLAGS = 23;

/** Refuses what cannot work on a host, with nothing touched there. Of a network that is there only what may have changed. */
export async function preflight(
  driver: LanDriver,
  inputs: MacvlanNetworkInputs,
  facts: HostFacts,
  adoptedIds: readonly string[] | undefined,
): Promise<void> {
  if (inputs.hostAccess) await facts.host.requireRoot("make a way for the host to its own containers on the LAN");
  await requireOurs(driver, inputs, facts, adoptedIds);
  requireOwnAddressesOutside(inputs, facts);
  const isThere = facts.network?.Driver === driver.name && facts.network.Options?.parent === facts.plan.parent;
  if (isThere && !isDead(facts)) return;
  requireParent(driver, facts);
  if (!inputs.otherSubnet && !/^l3/.test(inputs.mode)) requireSubnetOfParent(inputs, facts);
  const [networks, { Version: version }] = await Promise.all([
    facts.docker.networks.list(),
    facts.docker.engine.version(),
  ]);
  const others = networks.filter(({ Id, Scope }) => Id !== facts.network?.Id && Scope === "local");
  requireEngine(driver, inputs, facts, version);
  requireFreeParent(driver, inputs, facts, others, version);
  requireFreeSubnet(inputs, facts, others);
}

/** What has the network's name, or its shim's, has to be ours; what is to be made anew, free of other people's containers. */
async function requireOurs(
  driver: LanDriver,
  inputs: MacvlanNetworkInputs,
  facts: HostFacts,
  adoptedIds: readonly string[] | undefined,
): Promise<void> {
  const { id, docker, network, shimUnit } = facts;
  const { owner, name } = inputs;
  requireOwnShim(id, { owner, network: name }, shimUnit);
  if (!network) return;
  if (isDead(facts) && !belongsTo(owner, adoptedIds, { id: network.Id, labels: network.Labels })) {
    throw new CrosshostError(`host ${id}: the network "${name}" is somebody else's, and its parent is gone`, {
      code: "foreign",
      hint: "remove it",
    });
  }
  const wanted = wantedOnHost(driver, inputs, facts, adoptedIds);
  requireOursOrSame(id, wanted, network);
  if (wanted.fault !== undefined) await requireNoForeignEndpoints([{ host: id, docker, network }], owner);
}

function refuse({ id }: HostFacts, what: string, hint?: string, code: "unsupported" | "conflict" = "unsupported") {
  return new CrosshostError(`host ${id}: ${what}`, { code, hint });
}

function requireParent(driver: LanDriver, facts: HostFacts): void {
  const { parent } = facts.plan;
  const find = (name: string) => facts.links.find((link) => link.name === name);
  const tagged = taggedParent(parent);
  const link = find(parent) ?? (tagged && find(tagged.base));
  if (!link) {
    const names = facts.links.filter(({ isLoopback }) => !isLoopback).map(({ name }) => name);
    throw refuse(facts, `there is no interface ${tagged?.base ?? parent}`, `there are: ${names.join(", ")}`);
  }
  requireOnLan(driver, facts, link);
  const needed = find(parent) ? [driver.name] : [driver.name, "vlan" as const];
  const missing = needed.find((kind) => facts.lacking.includes(kind));
  if (!missing) return;
  const modules = { macvlan: "macvlan", ipvlan: "ipvlan", vlan: "8021q" };
  throw refuse(
    facts,
    `its kernel has no ${missing === "vlan" ? "VLANs" : missing}`,
    `\`modprobe ${modules[missing]}\` on the host says more; some kernels are built without it`,
  );
}

function requireOnLan(driver: LanDriver, facts: HostFacts, link: Link): void {
  const { name, portOf } = link;
  if (link.isLoopback) throw refuse(facts, `${name} is the loopback interface, which is on no LAN`);
  if (portOf !== undefined) {
    throw refuse(
      facts,
      `${name} is a port of ${portOf}, which takes what arrives at it`,
      `give ${portOf} as the parent`,
    );
  }
  if (!link.isUp) throw refuse(facts, `${name} is down`, `\`ip link set ${name} up\`, and in its configuration`);
  if (!link.hasCarrier) throw refuse(facts, `${name} has no carrier`, "is its cable plugged in?");
  if (link.isWireless && driver.name === "macvlan") {
    throw refuse(
      facts,
      `${name} is wireless, and an access point drops frames of other MAC addresses than the one that logged in`,
      "an IpvlanNetwork has no others",
    );
  }
}

/** A subnet that is not the wire's makes containers that nobody reaches. */
function requireSubnetOfParent({ ipamConfigs }: MacvlanNetworkInputs, facts: HostFacts): void {
  const { parent } = facts.plan;
  for (const { subnet } of ipamConfigs) {
    const wanted = parseCidr(subnet)!;
    const there = facts.addresses
      .filter((entry) => entry.interface === parent && !/^fe[89ab]/i.test(entry.address))
      .map(({ address, prefix }) => around(parseAddress(address)!, prefix))
      .filter(({ family }) => family === wanted.family);
    if (there.length === 0 || there.some((lan) => formatCidr(lan) === subnet)) continue;
    throw refuse(
      facts,
      `${parent} is on ${there.map(formatCidr).join(" and ")}, and the subnet is ${subnet}`,
      "give `otherSubnet: true`, if a second IP network on the same wire is meant",
    );
  }
}

/** check sees the hosts' addresses only where they are reached by them. */
function requireOwnAddressesOutside({ plan }: MacvlanNetworkInputs, facts: HostFacts): void {
  for (const { interface: name, address: text } of facts.addresses.filter(
    ({ interface: on }) => on === facts.plan.parent,
  )) {
    const address = parseAddress(text)!;
    for (const [id, host] of Object.entries(plan)) {
      const ranges = [host.ipRange, host.ipv6Range];
      const block = ranges.find((range) => range && containsAddress(parseCidr(range)!, address));
      if (!block || isKept(host, address)) continue;
      throw refuse(
        facts,
        `its own address ${text} (${name}) lies in ${block}, from which containers on ${id} get theirs`,
        "reserve it in `ipamConfigs[].auxAddress`",
        "conflict",
      );
    }
  }
}

function requireEngine(
  { name }: LanDriver,
  { mode, flag }: MacvlanNetworkInputs,
  facts: HostFacts,
  version: string,
): void {
  if (name !== "ipvlan" || Number.parseInt(version, 10) >= IPVLAN_FLAGS) return;
  const wanted = mode === "l3s" ? "`mode` l3s" : flag !== "bridge" ? `\`flag\` ${flag}` : undefined;
  if (wanted)
    throw refuse(facts, `Docker ${version} does not know ${wanted} of ipvlan; Docker ${IPVLAN_FLAGS} and later do`);
}

function requireFreeParent(
  driver: LanDriver,
  { mode }: MacvlanNetworkInputs,
  facts: HostFacts,
  others: readonly Network[],
  version: string,
): void {
  const { parent } = facts.plan;
  const there = others.filter(({ Driver, Options }) => /^(mac|ip)vlan$/.test(Driver) && Options?.parent === parent);
  for (const { Name, Driver, Options } of there) {
    const has = `the ${Driver} network "${Name}" has the parent ${parent} already`;
    const ways = `remove it, or give another \`parent\` or a \`vlan\``;
    if (Driver !== driver.name) {
      throw refuse(facts, `${has}, and the kernel makes macvlan and ipvlan not on one`, ways, "conflict");
    }
    if (mode === "passthru" || Options?.macvlan_mode === "passthru") {
      throw refuse(facts, `${has}, and in mode passthru an interface is one network's alone`, ways, "conflict");
    }
    if (driver.name === "ipvlan")
      throw refuse(facts, `${has}, and Docker makes one ipvlan network a parent`, ways, "conflict");
    if (Number.parseInt(version, 10) < MANY_ON_ONE_PARENT) {
      const why = `Docker ${version} makes one macvlan network a parent; Docker ${MANY_ON_ONE_PARENT} and later make more`;
      throw refuse(facts, `${has}, and ${why}`, ways, "conflict");
    }
  }
}

function requireFreeSubnet({ ipamConfigs }: MacvlanNetworkInputs, facts: HostFacts, others: readonly Network[]): void {
  for (const { subnet } of ipamConfigs) {
    for (const { Name, IPAM } of others) {
      const taken = (IPAM.Config ?? []).find(({ Subnet }) => {
        const other = Subnet === undefined ? undefined : parseCidr(Subnet);
        return other !== undefined && overlap(other, parseCidr(subnet)!);
      });
      if (!taken) continue;
      const what = taken.Subnet === subnet ? `has ${subnet} already` : `has ${taken.Subnet}, which overlaps ${subnet}`;
      throw refuse(facts, `the network "${Name}" ${what}`, "Docker hands each address out once a host", "conflict");
    }
  }
}
