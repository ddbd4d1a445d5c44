import type { StoreTls } from "../../kv/tls";
import type { StoreKind } from "../../kv/url";
import { parseStoreUrl } from "../../kv/url";
import type { CheckResult } from "../../lifecycle";
import { isIpv4 } from "../../net/ip";
import { hasUnknown, isUnknown, UNKNOWN } from "../../unknown";
import { checkSchema } from "../shared/check";
import type { Failures } from "../shared/failures";
import { checkDistinctHosts, visibleHosts } from "../shared/hosts";
import { checkStoreTls, isCertifiedFor, namesOf } from "../shared/storeTls";
import { type KVStoreInputs, type Server, schema } from "./inputs";
import { kinds } from "./kinds";
import { numberServers } from "./numbers";
import { portOf } from "./ports";

export type GivenServer = Pick<Server, "bindInterface"> & { address?: string };
type Given = Omit<KVStoreInputs, "servers" | "url"> & { servers?: GivenServer[]; url?: string };

/** What says how servers are made, and nothing where they are there already. */
const OF_MADE_STORES = ["image", "port", "dataVolume", "environment", "extraArguments", "labels", "keepDataOnDelete"];

export function check(olds: Partial<KVStoreInputs>, news: Record<string, unknown>): CheckResult<KVStoreInputs> {
  const { inputs, failures } = checkSchema<Given>(schema, news, { connectionsOf: "servers" });
  const clients = inputs.clientConnections;
  const completed = {
    ...inputs,
    ...(Array.isArray(clients) && clients.length === 0 ? {} : { reachableFrom: visibleHosts(clients) }),
  };
  checkTls(inputs, failures);
  const isThere = news.url !== undefined && news.url !== null;
  checkEitherOr(news, isThere, failures);
  const result = isThere ? completeFound(completed, news, failures) : completeMade(olds, completed, failures);
  return { inputs: result, failures: failures.list };
}

/** Servers ask each other, and so need certificates for both sides. */
function checkTls({ kind, servers, tls }: Given, failures: Failures): void {
  if (tls && kind === "zookeeper") {
    failures.say("", "Expected `tls` not to be given: Docker speaks to ZooKeeper without TLS only");
  } else {
    checkStoreTls(tls, servers === undefined ? ["client"] : ["server", "client"], failures);
  }
}

function checkEitherOr(news: Record<string, unknown>, isThere: boolean, failures: Failures): void {
  const isMade = news.servers !== undefined && news.servers !== null;
  if (isThere && isMade) {
    failures.say("url", "Expected `url` not to be given beside `servers`: a store is made here or is there already");
  } else if (!isThere && !isMade) {
    failures.say("servers", "Expected `servers` to be given, or `url` for a store that is there already");
  }
}

/** A store that somebody else runs: its URL says all, and hosts have to be named from which it can be asked. */
function completeFound(inputs: Given, news: Record<string, unknown>, failures: Failures): KVStoreInputs {
  for (const property of OF_MADE_STORES.filter((name) => news[name] !== undefined)) {
    failures.say(property, `Expected \`${property}\` not to be given beside \`url\`: nothing is made then`);
  }
  const url = inputs.url ?? UNKNOWN;
  const parsed = isUnknown(url) ? undefined : parseStoreUrl(url);
  const isKnownKind = Object.hasOwn(kinds, inputs.kind);
  if (parsed && isKnownKind && parsed.kind !== inputs.kind) {
    const { scheme } = kinds[inputs.kind];
    failures.expected("url", `to begin with ${scheme}://, as \`kind\` is "${inputs.kind}"`, url);
  } else if (parsed?.kind === "consul" && parsed.endpoints.length > 1) {
    failures.expected("url", "to have one server only, since engines take no more of a Consul", url);
  }
  if (Array.isArray(inputs.clientConnections) && inputs.clientConnections.length === 0) {
    failures.say(
      "reachableFrom",
      "Expected `reachableFrom` to be given beside `url`: hosts that the store is asked from",
    );
  }
  return { ...inputs, servers: [], url, answers: true };
}

function completeMade(olds: Partial<KVStoreInputs>, inputs: Given, failures: Failures): KVStoreInputs {
  const hosts = visibleHosts(inputs.connections);
  checkDistinctHosts(hosts, (i) => `servers[${i}].connection.host`, failures);
  const kind = Object.hasOwn(kinds, inputs.kind) ? kinds[inputs.kind as StoreKind] : undefined;
  const image = inputs.image ?? kind?.image ?? UNKNOWN;
  const refusal = isUnknown(image) ? undefined : kind?.refuseImage?.(image);
  if (refusal) failures.expected("image", refusal, image);
  const dataVolume = inputs.dataVolume ?? (isUnknown(inputs.name) ? UNKNOWN : `${inputs.name}-data`);

  const given = inputs.servers;
  const areKnown = kind && Array.isArray(given) && Array.isArray(hosts) && failures.list.length === 0;
  const urlOf = (addresses: string[]) =>
    kind && !hasUnknown(addresses) && !isUnknown(inputs.port) ? kind.url(addresses, portOf(inputs)) : UNKNOWN;
  const servers = areKnown
    ? numberServers(
        given.map((server, i) => withAddress(server, hosts[i] ?? UNKNOWN, i, inputs.tls, failures)),
        olds.servers,
      ).map((server) => (isUnknown(server) ? server : { ...server, url: urlOf([server.address]), status: "running" }))
    : (UNKNOWN as unknown as Server[]);
  const addresses = areKnown ? servers.map((server) => (isUnknown(server) ? UNKNOWN : server.address)) : [UNKNOWN];
  const [first] = addresses as [string];
  const url = kind?.name === "consul" ? urlOf([first]) : urlOf(addresses);
  const uiUrl = isUnknown(url) ? UNKNOWN : kind?.uiUrl?.(first, portOf(inputs), inputs.tls ? "https" : "http");
  return {
    ...inputs,
    image,
    dataVolume,
    servers: servers as Server[],
    url,
    ...(kind?.uiUrl && uiUrl !== undefined ? { uiUrl } : {}),
  };
}

/** A server listens where its host is reached, unless told otherwise. */
function withAddress(server: GivenServer, host: string, index: number, tls: StoreTls | undefined, failures: Failures) {
  if (isUnknown(server)) return UNKNOWN as unknown as Omit<Server, "id" | "url" | "status">;
  const address = server.address ?? host.replace(/:\d+$/, "");
  if (!isUnknown(address) && !isIpv4(address)) {
    const property = `servers[${index}].address`;
    failures.say(
      property,
      `Expected \`${property}\` to be given, since engines need an IPv4 address and \`servers[${index}].connection.host\` is none, got \`${address}\``,
    );
  }
  if (tls && !isUnknown(address) && !isCertifiedFor(address, tls)) {
    failures.expected("tls.cert", `to be for ${address}, where a server listens; it is for: ${namesOf(tls)}`);
  }
  return { ...server, host, address };
}
