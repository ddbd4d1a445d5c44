import type { IpamConfig as DockerIpamConfig, Network, NetworkCreate } from "../../docker/types";
import { OWNER_LABEL, SPEC_LABEL } from "./owned";

/**
 * In what an existing network differs from one made from `spec`, one line each; nothing here can be changed in place.
 * What the program leaves to Docker is not held against it, nor are labels that it does not ask for.
 */
export function differencesFrom(spec: NetworkCreate, network: Network): string[] {
  const compared: [string, unknown, unknown][] = [
    ["driver", spec.Driver ?? "bridge", network.Driver],
    ["internal", spec.Internal ?? false, network.Internal],
    ["enableIPv6", spec.EnableIPv6 ?? false, network.EnableIPv6],
    ["attachable", spec.Attachable ?? false, network.Attachable],
    ["ipamDriver", spec.IPAM?.Driver ?? "default", network.IPAM.Driver ?? "default"],
    ["ipamOptions", spec.IPAM?.Options ?? {}, network.IPAM.Options ?? {}],
    ...ipamDifferences(spec.IPAM?.Config ?? [], network.IPAM.Config ?? []),
    ...recordDifferences("options", withoutDefaults(spec.Options), withoutDefaults(network.Options), true),
    ...recordDifferences("labels", spec.Labels ?? {}, network.Labels ?? {}, false),
  ];
  return compared
    .filter(([, wanted, there]) => show(wanted) !== show(there))
    .map(([property, wanted, there]) => `\`${property}\` is ${show(there)} there and ${show(wanted)} here`);
}

/** The network's labels but for those that we put there. */
export function foreignLabels(labels: Network["Labels"]): Record<string, string> {
  const others = Object.entries(labels ?? {}).filter(([name]) => name !== OWNER_LABEL && name !== SPEC_LABEL);
  return Object.fromEntries(others.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function ipamDifferences(wanted: readonly DockerIpamConfig[], there: readonly DockerIpamConfig[]) {
  const known = (config: DockerIpamConfig | undefined, like: DockerIpamConfig | undefined) =>
    config && {
      subnet: config.Subnet,
      ...(like?.Gateway === undefined ? {} : { gateway: config.Gateway }),
      ...(like?.IPRange || config.IPRange ? { ipRange: config.IPRange || undefined } : {}),
      ...(like?.AuxiliaryAddresses ? { auxAddress: sorted(config.AuxiliaryAddresses ?? {}) } : {}),
    };
  return Array.from({ length: Math.max(wanted.length, there.length) }, (_, i): [string, unknown, unknown] => [
    `ipamConfigs[${i}]`,
    known(wanted[i], wanted[i]),
    known(there[i], wanted[i]),
  ]);
}

function recordDifferences(
  property: string,
  wanted: Record<string, string>,
  there: Record<string, string>,
  strict: boolean,
): [string, unknown, unknown][] {
  const names = new Set([...Object.keys(wanted), ...(strict ? Object.keys(there) : [])]);
  return [...names].map((name) => [`${property}["${name}"]`, wanted[name], there[name]]);
}

/** What says only what Docker does anyway may stand there or not. */
const DEFAULTS: Record<string, string> = { macvlan_mode: "bridge", ipvlan_mode: "l2", ipvlan_flag: "bridge" };

function withoutDefaults(options: Record<string, string> | null | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([key, value]) => DEFAULTS[key] !== value));
}

function sorted(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function show(value: unknown): string {
  return value === undefined ? "not given" : JSON.stringify(value);
}
