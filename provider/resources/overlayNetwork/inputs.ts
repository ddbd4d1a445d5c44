import * as v from "valibot";
import type { OptionTable } from "../shared/options";
import { adoptable, common, connections, dockerName, ipamConfig, stringRecord, text } from "../shared/schema";
import { mtu, vxlanId } from "./vxlan";

export const schema = v.strictObject(
  {
    ...common,
    ...adoptable,
    name: dockerName,
    connections,
    ipamConfigs: v.pipe(
      v.array(ipamConfig, "to be a list such as [{ subnet }]"),
      v.minLength(1, "to have at least one entry: Docker's own default is not checked against the hosts' routes"),
    ),
    ipamDriver: v.optional(text, "default"),
    ipamOptions: v.optional(stringRecord, {}),
    options: v.optional(stringRecord, {}),
    labels: v.optional(stringRecord, {}),
    internal: v.optional(v.boolean("to be true or false"), false),
    attachable: v.optional(v.boolean("to be true or false"), false),
    mtu: v.optional(mtu),
    vxlanId: v.optional(vxlanId),
  },
  "to be an object",
);

/** An overlay's inputs after check. */
export interface OverlayNetworkInputs extends v.InferOutput<typeof schema> {
  /** The hosts' ids, to be seen beside the secret connections. */
  hosts: string[];
}

export interface OverlayNetworkState extends OverlayNetworkInputs {
  networkId: string;
  /** Docker's scope of the network: "global" where a key-value store carries it. */
  scope: string;
  /** The network's id where it was taken over; absent where it was made. */
  adoptedIds?: string[];
}

export const options: OptionTable<OverlayNetworkInputs> = {
  owner: { onChange: "ignore" },
  name: { onChange: "replace" },
  connections: { onChange: "update", replaceWhenUnknown: true },
  hosts: { onChange: "update", replaceWhenUnknown: true },
  ipamConfigs: { onChange: "replace" },
  ipamDriver: { onChange: "replace" },
  ipamOptions: { onChange: "replace" },
  options: { onChange: "replace" },
  labels: { onChange: "replace" },
  internal: { onChange: "replace" },
  attachable: { onChange: "replace" },
  mtu: { onChange: "replace" },
  vxlanId: { onChange: "replace" },
  adopt: { onChange: "record" },
  timeouts: { onChange: "record" },
  skipUnreachableHosts: { onChange: "record" },
};
