import { TLS_OPTIONS } from "../../engine/storeTlsFiles";
import { parseStoreUrl } from "../../kv/url";
import { isUnknown } from "../../unknown";
import type { Failures } from "../shared/failures";

/** What dockerd takes as `--cluster-store-opt`; it ignores others silently. Source: moby 20.10, `pkg/discovery/kv`. */
const FILES = TLS_OPTIONS;
const TIMES = ["discovery.heartbeat", "discovery.ttl"] as const;
const KNOWN: readonly string[] = ["kv.path", ...FILES, ...TIMES];

/** dockerd's own defaults, in seconds. Source: moby 20.10, `daemon/discovery/discovery.go`. */
const DEFAULT_HEARTBEAT = 20;
const TTL_FACTOR = 3;
/** libkv asks Consul for sessions of half the time, and Consul grants none below 10 s. */
const CONSUL_SHORTEST_TTL = 20;

type Options = Readonly<Record<string, string>>;

/** What the schema cannot see: options against each other, and against the kind of store. */
export function checkStoreOptions(given: unknown, clusterStore: unknown, failures: Failures): void {
  if (typeof given !== "object" || given === null) return;
  const options: Options = Object.fromEntries(Object.entries(given).filter(([, value]) => !isUnknown(value)));
  const at = (option: string) => `clusterStoreOpts["${option}"]`;
  for (const [option, value] of Object.entries(options)) {
    if (!KNOWN.includes(option)) {
      failures.say(at(option), `Unknown option \`${option}\` (there are: ${KNOWN.join(", ")})`);
    } else if ((TIMES as readonly string[]).includes(option) && !/^[1-9]\d{0,5}$/.test(value)) {
      failures.expected(at(option), "to be a number of seconds", value);
    } else if (FILES.includes(option) && !value.startsWith("/")) {
      failures.expected(at(option), "to be an absolute path on the host", value);
    }
  }
  checkTimes(options, kindOf(clusterStore), at, failures);
  if (Object.values(given).some(isUnknown)) return;
  checkFiles(options, kindOf(clusterStore), at, failures);
}

/** Seconds between an engine's looks at the store, as dockerd works them out. */
export function heartbeatOf(options: Options): number {
  return timesOf(options).heartbeat;
}

function timesOf(options: Options): { heartbeat: number; ttl: number } {
  const [heartbeat, ttl] = TIMES.map((option) => (options[option] === undefined ? undefined : Number(options[option])));
  if (heartbeat === undefined && ttl !== undefined) return { heartbeat: ttl / TTL_FACTOR, ttl };
  const beat = heartbeat ?? DEFAULT_HEARTBEAT;
  return { heartbeat: beat, ttl: ttl ?? TTL_FACTOR * beat };
}

function checkTimes(options: Options, kind: string | undefined, at: (option: string) => string, failures: Failures) {
  const { heartbeat, ttl } = timesOf(options);
  if (!(heartbeat > 0) || !(ttl > 0)) return;
  const given = options["discovery.ttl"] === undefined ? "discovery.heartbeat" : "discovery.ttl";
  if (ttl <= heartbeat) {
    failures.expected(at("discovery.ttl"), `to be more than \`discovery.heartbeat\` (${heartbeat})`, String(ttl));
  } else if (kind === "consul" && ttl < CONSUL_SHORTEST_TTL) {
    failures.say(
      at(given),
      `Expected \`${at("discovery.ttl")}\` to be ${CONSUL_SHORTEST_TTL} or more for a Consul, got \`${ttl}\`${
        given === "discovery.ttl" ? "" : " (three times the heartbeat, where it is not given)"
      }`,
    );
  }
}

function checkFiles(options: Options, kind: string | undefined, at: (option: string) => string, failures: Failures) {
  const given = FILES.filter((option) => options[option] !== undefined);
  if (given.length === 0) return;
  if (kind === "zookeeper") {
    failures.say(at(given[0]!), `Expected no \`${given[0]}\`: Docker speaks to ZooKeeper without TLS only`);
  } else if (given.length < FILES.length) {
    const missing = FILES.filter((option) => !given.includes(option));
    failures.say(
      at(given[0]!),
      `Expected \`${missing.join("` and `")}\` beside \`${given.join("` and `")}\`: Docker uses TLS only with all three`,
    );
  }
}

function kindOf(clusterStore: unknown): string | undefined {
  return typeof clusterStore === "string" ? parseStoreUrl(clusterStore)?.kind : undefined;
}
