import * as v from "valibot";
import type { OptionTable } from "../shared/options";
import { cidr, common, connections, dockerName, interfaceName, ipamConfig, stringRecord } from "../shared/schema";

/** `eth0` or a tagged sub-interface such as `eth0.10`. */
const parent = interfaceName;

/** A LAN has others on it, so what containers may have has to be said. */
const lanConfig = v.strictObject(
  { ...ipamConfig.entries, ipRange: cidr },
  "to be an object such as { subnet, gateway, ipRange }",
);

export const schema = v.strictObject(
  {
    ...common,
    name: dockerName,
    connections,
    /** One per connection, in the same order. */
    hosts: v.array(
      v.strictObject({ parent }, "to be an object such as { connection, parent }"),
      "to be a list of hosts",
    ),
    ipamConfigs: v.pipe(
      v.array(lanConfig, "to be a list such as [{ subnet, gateway, ipRange }]"),
      v.length(1, "to have exactly one entry: the LAN"),
    ),
    labels: v.optional(stringRecord, {}),
  },
  "to be an object",
);

/** What one host's part of the network is. */
export interface HostPlan {
  parent: string;
  /** The addresses this host's containers get, and no other host's: a CIDR block. */
  ipRange: string;
}

/** A macvlan network's inputs after check, where `hosts` has become `plan`. */
export interface MacvlanNetworkInputs extends Omit<v.InferOutput<typeof schema>, "hosts"> {
  /** By host id. */
  plan: Record<string, HostPlan>;
}

export interface MacvlanNetworkState extends MacvlanNetworkInputs {
  /** By host id. */
  networkIds: Record<string, string>;
}

export const options: OptionTable<MacvlanNetworkInputs> = {
  owner: { onChange: "ignore" },
  name: { onChange: "replace" },
  connections: { onChange: "update", replaceWhenUnknown: true },
  // Unknown as a whole already when one parent is; what comes from a resource that is replaced are the connections.
  plan: { onChange: "update" },
  ipamConfigs: { onChange: "replace" },
  labels: { onChange: "replace" },
  timeouts: { onChange: "record" },
  skipUnreachableHosts: { onChange: "record" },
};
