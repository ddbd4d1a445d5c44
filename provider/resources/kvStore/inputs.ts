import * as v from "valibot";
import type { OptionTable } from "../shared/options";
import { common, connections, dockerName, imageName, interfaceName, ipv4 } from "../shared/schema";

export const schema = v.strictObject(
  {
    ...common,
    name: dockerName,
    kind: v.picklist(["consul"], 'to be "consul"'),
    image: v.optional(imageName, "consul:1.8.7"),
    /** One per connection, in the same order. */
    servers: v.pipe(
      v.array(
        v.strictObject(
          { bindInterface: v.optional(interfaceName), address: v.optional(ipv4) },
          "to be an object such as { connection, bindInterface }",
        ),
        "to be a list of servers",
      ),
      v.length(1, "to have exactly one server"),
    ),
    connections,
  },
  "to be an object",
);

export interface Server {
  /** The host's id, to be seen beside the secret connection. */
  host: string;
  /** The interface that has to have `address`. */
  bindInterface?: string;
  /** The IPv4 address it listens on and is asked at. */
  address: string;
}

/** A store's inputs after check. */
export interface KVStoreInputs extends Omit<v.InferOutput<typeof schema>, "servers"> {
  servers: Server[];
  /** The store as engines name it, `consul://<address>:8500`; completed in check so that every preview knows it. */
  url: string;
  /** Consul's page. */
  uiUrl: string;
  /** The named volume with the store's data. */
  dataVolume: string;
  /** True, so that a refresh which finds the server stopped shows a difference. */
  running: boolean;
}

/** One server of the store. */
export interface ServerState {
  /** The address it listens on, beside loopback. */
  address: string;
  role: "leader";
  containerId: string;
}

export interface KVStoreState extends KVStoreInputs {
  serverStates: ServerState[];
}

export const options: OptionTable<KVStoreInputs> = {
  owner: { onChange: "ignore" },
  name: { onChange: "replace" },
  kind: { onChange: "replace" },
  image: { onChange: "update" },
  servers: { onChange: "update" },
  connections: { onChange: "update", replaceWhenUnknown: true },
  url: { onChange: "replace" },
  uiUrl: { onChange: "update" },
  dataVolume: { onChange: "replace" },
  running: { onChange: "update" },
  timeouts: { onChange: "record" },
  skipUnreachableHosts: { onChange: "record" },
};
