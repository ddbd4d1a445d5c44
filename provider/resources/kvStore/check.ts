import type { CheckResult } from "../../lifecycle";
import { parseAddress } from "../../net/ipv4";
import { isUnknown, UNKNOWN } from "../../unknown";
import { checkSchema } from "../shared/check";
import { type KVStoreInputs, schema } from "./inputs";

/** Consul's HTTP port, for engines and for people. */
export const CONSUL_PORT = 8500;

export function check(news: Record<string, unknown>): CheckResult<KVStoreInputs> {
  const { inputs, failures } = checkSchema<KVStoreInputs>(schema, news);
  const server = Array.isArray(inputs.servers) ? inputs.servers[0] : undefined;
  const address = server?.address ?? server?.host;
  const isKnown = address !== undefined && !isUnknown(address) && !isUnknown(inputs.servers);
  if (isKnown && parseAddress(address) === undefined && !server?.address) {
    failures.say(
      "servers[0].address",
      `Expected \`servers[0].address\` to be given, since \`servers[0].connection.host\` is not an IPv4 address (\`${address}\`) and engines need one`,
    );
  }
  const completed = {
    ...inputs,
    url: isKnown ? `consul://${address}:${CONSUL_PORT}` : UNKNOWN,
    uiUrl: isKnown ? `http://${address}:${CONSUL_PORT}/ui/` : UNKNOWN,
    dataVolume: isUnknown(inputs.name) ? UNKNOWN : `${inputs.name}-data`,
    running: true,
  };
  return { inputs: completed, failures: failures.list };
}
