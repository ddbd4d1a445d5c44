import type { CheckResult } from "../../lifecycle";
import { isIpv4 } from "../../net/ip";
import { isUnknown, UNKNOWN } from "../../unknown";
import { checkSchema } from "../shared/check";
import type { Failures } from "../shared/failures";
import { visibleHosts } from "../shared/hosts";
import { type KVStoreInputs, type Server, schema } from "./inputs";

/** Consul's HTTP port, for engines and for people. */
export const CONSUL_PORT = 8500;

type GivenServer = Omit<Server, "host" | "address"> & { address?: string };

export function check(news: Record<string, unknown>): CheckResult<KVStoreInputs> {
  const { inputs, failures } = checkSchema<Omit<KVStoreInputs, "servers"> & { servers: GivenServer[] }>(schema, news, {
    connectionsOf: "servers",
  });
  const hosts = visibleHosts(inputs.connections);
  const areKnown = Array.isArray(inputs.servers) && Array.isArray(hosts) && failures.list.length === 0;
  const servers = areKnown
    ? inputs.servers.map((server, i) => completeServer(server, hosts[i] ?? UNKNOWN, i, failures))
    : (UNKNOWN as unknown as Server[]);
  const address = areKnown && !isUnknown(servers[0]) ? servers[0]!.address : UNKNOWN;
  const completed = {
    ...inputs,
    servers,
    url: isUnknown(address) ? UNKNOWN : `consul://${address}:${CONSUL_PORT}`,
    uiUrl: isUnknown(address) ? UNKNOWN : `http://${address}:${CONSUL_PORT}/ui/`,
    dataVolume: isUnknown(inputs.name) ? UNKNOWN : `${inputs.name}-data`,
    running: true,
  };
  return { inputs: completed, failures: failures.list };
}

/** A server listens where its host is reached, unless told otherwise. */
function completeServer(server: GivenServer, host: string, index: number, failures: Failures): Server {
  if (isUnknown(server)) return UNKNOWN as unknown as Server;
  const address = server.address ?? host.replace(/:\d+$/, "");
  if (!isUnknown(address) && !isIpv4(address)) {
    const property = `servers[${index}].address`;
    failures.say(
      property,
      `Expected \`${property}\` to be given, since engines need an IPv4 address and \`servers[${index}].connection.host\` is none, got \`${address}\``,
    );
  }
  return { ...server, host, address };
}
