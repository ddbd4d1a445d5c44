import * as v from "valibot";
import type { OptionTable } from "../shared/options";
import {
  adoptable,
  anyAddress,
  anyCidr,
  cidr,
  common,
  connections,
  dockerName,
  interfaceName,
  literal,
  stringRecord,
} from "../shared/schema";
import type { LanDriver } from "./driver";

const boolean = v.boolean("to be true or false");

const lanConfig = v.strictObject(
  {
    subnet: anyCidr,
    gateway: v.optional(anyAddress),
    ipRange: v.optional(anyCidr),
    auxAddress: v.optional(v.record(literal, anyAddress, "to be an object of addresses by name")),
  },
  "to be an object such as { subnet, gateway, ipRange }",
);

const vlanText = "to be a VLAN's number, 1 to 4094";

/** What both drivers take. */
const lan = {
  ...common,
  ...adoptable,
  name: dockerName,
  connections,
  /** One per connection, in the same order. */
  hosts: v.array(
    v.strictObject(
      { parent: interfaceName, ipRange: v.optional(cidr), ipv6Range: v.optional(anyCidr) },
      "to be an object such as { connection, parent }",
    ),
    "to be a list of hosts",
  ),
  vlan: v.optional(
    v.pipe(v.number(vlanText), v.integer(vlanText), v.minValue(1, vlanText), v.maxValue(4094, vlanText)),
  ),
  ipamConfigs: v.pipe(
    v.array(lanConfig, "to be a list such as [{ subnet, gateway, ipRange }]"),
    v.minLength(1, "to have an entry: the LAN"),
  ),
  internal: v.optional(boolean, false),
  otherSubnet: v.optional(boolean, false),
  options: v.optional(stringRecord, {}),
  labels: v.optional(stringRecord, {}),
};

const choiceOf = (driver: LanDriver, property: "mode" | "flag") => {
  const { values } = Object.values(driver.options).find((option) => option.property === property)!;
  return v.optional(v.picklist(values, `to be one of ${values.join(", ")}`));
};

export function schemaOf(driver: LanDriver): v.StrictObjectSchema<v.ObjectEntries, string> {
  const mode = choiceOf(driver, "mode");
  const own: v.ObjectEntries =
    driver.name === "macvlan"
      ? { mode, hostAccess: v.optional(boolean, false) }
      : { mode, flag: choiceOf(driver, "flag") };
  return v.strictObject({ ...lan, ...own }, "to be an object");
}

export type LanConfig = v.InferOutput<typeof lanConfig>;

/** As the program gives it, in the shape of the schema. */
export interface GivenInputs extends v.InferOutput<v.StrictObjectSchema<typeof lan, string>> {
  mode?: string;
  flag?: string;
  hostAccess?: boolean;
}

/** What one host's part of the network is. */
export interface HostPlan {
  /** The interface on the LAN; with `vlan`, its tagged sub-interface. */
  parent: string;
  /** The addresses this host's containers get, and no other host's: a CIDR block. */
  ipRange: string;
  /** The same of the IPv6 subnet, where there is one. */
  ipv6Range?: string;
  /** Addresses within the blocks that containers do not get, by what they are for. */
  auxAddress?: Record<string, string>;
  /** What refresh found wrong there; the next update puts it right. */
  drift?: string;
}

/** The network's inputs after check: `hosts` and `vlan` have become `plan`, `options` has become `mode` and `flag`. */
export interface MacvlanNetworkInputs extends Omit<GivenInputs, "hosts" | "vlan" | "options" | "mode"> {
  mode: string;
  /** By host id. */
  plan: Record<string, HostPlan>;
}

export interface MacvlanNetworkState extends MacvlanNetworkInputs {
  /** By host id. */
  networkIds: Record<string, string>;
  /** Networks that were there and were taken over. */
  adoptedIds?: string[];
}

export const options: OptionTable<MacvlanNetworkInputs> = {
  owner: { onChange: "ignore" },
  name: { onChange: "replace" },
  connections: { onChange: "update", replaceWhenUnknown: true },
  // Unknown as a whole already when one parent is; what comes from a resource that is replaced are the connections.
  plan: { onChange: "update" },
  // A subnet or gateway replaces, see diff; a range or a reserved address counts as far as it changes the plan.
  ipamConfigs: { onChange: "update" },
  mode: { onChange: "replace" },
  flag: { onChange: "replace" },
  internal: { onChange: "replace" },
  hostAccess: { onChange: "update" },
  otherSubnet: { onChange: "record" },
  labels: { onChange: "replace" },
  adopt: { onChange: "record" },
  timeouts: { onChange: "record" },
  skipUnreachableHosts: { onChange: "record" },
};
