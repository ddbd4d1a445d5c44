import * as v from "valibot";
import type { OptionTable } from "../shared/options";
import { common, connections, dockerName, ipamConfig, stringRecord } from "../shared/schema";

export const schema = v.strictObject(
  {
    ...common,
    name: dockerName,
    connections,
    ipamConfigs: v.pipe(
      v.array(ipamConfig, "to be a list such as [{ subnet }]"),
      v.minLength(1, "to have at least one entry: Docker's own default is not checked against the hosts' routes"),
    ),
    options: v.optional(stringRecord, {}),
    labels: v.optional(stringRecord, {}),
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
}

export const options: OptionTable<OverlayNetworkInputs> = {
  owner: { onChange: "ignore" },
  name: { onChange: "replace" },
  connections: { onChange: "update", replaceWhenUnknown: true },
  hosts: { onChange: "update", replaceWhenUnknown: true },
  ipamConfigs: { onChange: "replace" },
  options: { onChange: "replace" },
  labels: { onChange: "replace" },
  timeouts: { onChange: "record" },
  skipUnreachableHosts: { onChange: "record" },
};
