import { isDeepStrictEqual } from "node:util";

/** What makes an engine a member of a cluster, in dockerd's own words. */
export interface ClusterSettings {
  /** `consul://10.77.0.1:8500` */
  clusterStore: string;
  /** `eth0:2376`, or an address with a port. */
  clusterAdvertise: string;
  /** How the store is spoken to: `kv.path`, `discovery.heartbeat`, … */
  clusterStoreOpts: Readonly<Record<string, string>>;
}

const FLAGS = {
  clusterStore: "cluster-store",
  clusterAdvertise: "cluster-advertise",
  clusterStoreOpts: "cluster-store-opt",
} as const;

/** dockerd's names for the same in its settings file. */
const KEYS = {
  clusterStore: "cluster-store",
  clusterAdvertise: "cluster-advertise",
  clusterStoreOpts: "cluster-store-opts",
} as const;
export const SETTINGS_KEYS: readonly string[] = Object.values(KEYS);

/** The settings as flags of dockerd. */
export function flagsOf(settings: Partial<ClusterSettings>): string[] {
  const { clusterStore, clusterAdvertise, clusterStoreOpts = {} } = settings;
  return [
    ...(clusterStore ? [`--${FLAGS.clusterStore}=${clusterStore}`] : []),
    ...(clusterAdvertise ? [`--${FLAGS.clusterAdvertise}=${clusterAdvertise}`] : []),
    ...Object.entries(clusterStoreOpts).map(([option, value]) => `--${FLAGS.clusterStoreOpts}=${option}=${value}`),
  ];
}

/** The settings on a command line, `--flag=value` or `--flag value`; where one stands twice, dockerd takes the last. */
export function settingsOfFlags(commandLine: string): Partial<ClusterSettings> {
  const clusterStore = valuesOf(commandLine, FLAGS.clusterStore).at(-1);
  const clusterAdvertise = valuesOf(commandLine, FLAGS.clusterAdvertise).at(-1);
  const options = valuesOf(commandLine, FLAGS.clusterStoreOpts).map((option) => option.split(/=(.*)/s, 2));
  return {
    ...(clusterStore === undefined ? {} : { clusterStore }),
    ...(clusterAdvertise === undefined ? {} : { clusterAdvertise }),
    ...(options.length === 0 ? {} : { clusterStoreOpts: Object.fromEntries(options) }),
  };
}

/** The values a flag has on a unit's command line, in their order. */
export function valuesOf(commandLine: string, flag: string): string[] {
  const pattern = new RegExp(`(?<=^|\\s)["']?--?${flag}(?:=|\\s+)["']?([^\\s"']+)`, "g");
  return [...commandLine.matchAll(pattern)].map(([, value]) => value!.replaceAll("%%", "%").replaceAll("$$", "$"));
}

/** The settings as keys of dockerd's settings file. */
export function keysOf({ clusterStore, clusterAdvertise, clusterStoreOpts }: ClusterSettings): [string, unknown][] {
  return [
    [KEYS.clusterStore, clusterStore],
    [KEYS.clusterAdvertise, clusterAdvertise],
    ...(Object.keys(clusterStoreOpts).length > 0
      ? ([[KEYS.clusterStoreOpts, clusterStoreOpts]] as [string, unknown][])
      : []),
  ];
}

/** The settings among those of dockerd's settings file. */
export function settingsOfKeys(keys: Readonly<Record<string, unknown>>): Partial<ClusterSettings> {
  const found = (Object.keys(KEYS) as (keyof typeof KEYS)[]).filter((name) => Object.hasOwn(keys, KEYS[name]));
  return Object.fromEntries(found.map((name) => [name, keys[KEYS[name]]]));
}

/** Whether two places say the same; an absence of options is none of them. */
export function areSame(one: Partial<ClusterSettings>, other: Partial<ClusterSettings>): boolean {
  const whole = ({ clusterStore, clusterAdvertise, clusterStoreOpts = {} }: Partial<ClusterSettings>) => ({
    clusterStore,
    clusterAdvertise,
    clusterStoreOpts: { ...clusterStoreOpts },
  });
  return isDeepStrictEqual(whole(one), whole(other));
}

export function isEmpty(settings: Partial<ClusterSettings>): boolean {
  return areSame(settings, {});
}

/** The settings, where they are enough to be a member with. */
export function wholeOf({ clusterStore, clusterAdvertise, clusterStoreOpts = {} }: Partial<ClusterSettings>) {
  const isWhole = clusterStore !== undefined && clusterAdvertise !== undefined;
  return isWhole ? { clusterStore, clusterAdvertise, clusterStoreOpts } : undefined;
}
