import * as v from "valibot";
import type { Role } from "../../kv/server";
import { parseStoreUrl } from "../../kv/url";
import type { OptionTable } from "../shared/options";
import {
  common,
  connection,
  dockerName,
  imageName,
  interfaceName,
  ipv4,
  literal,
  port,
  stringRecord,
  text,
} from "../shared/schema";
import { storeTls } from "../shared/storeTls";

const urlText = "to be a store's URL such as consul://10.77.0.1:8500";
const trueOrFalse = v.boolean("to be true or false");
const someConnections = v.optional(v.array(connection, "to be a list of connections"), []);

export const schema = v.strictObject(
  {
    ...common,
    name: dockerName,
    kind: v.picklist(["consul", "etcd", "zookeeper"], 'to be "consul", "etcd" or "zookeeper"'),
    image: v.optional(imageName),
    /** One per connection, in the same order. */
    servers: v.optional(
      v.pipe(
        v.array(
          v.strictObject(
            { bindInterface: v.optional(interfaceName), address: v.optional(ipv4) },
            "to be an object such as { connection, bindInterface }",
          ),
          "to be a list of servers",
        ),
        v.check(
          ({ length }) => length === 1 || length === 3 || length === 5,
          "to have 1, 3 or 5 servers: more than half of them have to be there, so an even number survives no more failures than one server less",
        ),
      ),
    ),
    connections: someConnections,
    /** Hosts from which the store has to be reached, in the same order as in `reachableFrom`. */
    clientConnections: someConnections,
    url: v.optional(
      v.pipe(
        v.string(urlText),
        v.check((value) => parseStoreUrl(value) !== undefined, urlText),
      ),
    ),
    port: v.optional(port),
    dataVolume: v.optional(dockerName),
    tls: v.optional(storeTls),
    environment: v.optional(stringRecord),
    extraArguments: v.optional(v.array(v.pipe(text, literal), "to be a list of strings")),
    labels: v.optional(stringRecord),
    keepDataOnDelete: v.optional(trueOrFalse),
    forceDestroy: v.optional(trueOrFalse),
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
  /** Its number among the store's servers, which stays its own as others come and go. */
  id: number;
  /** This server alone, as engines name it. */
  url: string;
  /** "running", so that a refresh which finds it otherwise shows in what way; see `halfChanged` for others. */
  status: string;
}

/** A store's inputs after check. */
export interface KVStoreInputs extends Omit<v.InferOutput<typeof schema>, "servers" | "url"> {
  /** None for a store that is there already. */
  servers: Server[];
  /** The store as engines name it; completed in check so that every preview knows it. */
  url: string;
  /** Consul's page. */
  uiUrl?: string;
  /** The hosts of `clientConnections`, to be seen. */
  reachableFrom?: string[];
  /** Whether the store answers, for one that is there already. */
  answers?: boolean;
  /** Of a store that was made on data which was there, and has not been ready since. */
  onFoundData?: boolean;
}

/** A store whose servers are made here. */
export interface Made extends KVStoreInputs {
  image: string;
  dataVolume: string;
}

/** One server of the store. */
export interface ServerState {
  /** The address it listens on, beside loopback. */
  address: string;
  role: Role;
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
  clientConnections: { onChange: "update" },
  reachableFrom: { onChange: "update" },
  answers: { onChange: "update" },
  onFoundData: { onChange: "ignore" },
  url: { onChange: "update" },
  uiUrl: { onChange: "update" },
  port: { onChange: "update" },
  dataVolume: { onChange: "replace" },
  tls: { onChange: "update" },
  environment: { onChange: "update" },
  extraArguments: { onChange: "update" },
  labels: { onChange: "update" },
  keepDataOnDelete: { onChange: "record" },
  forceDestroy: { onChange: "record" },
  timeouts: { onChange: "record" },
  skipUnreachableHosts: { onChange: "record" },
};

/** Whether the store's servers are made here; the others are only asked. */
export function isMade(inputs: KVStoreInputs): inputs is Made {
  return inputs.servers.length > 0;
}
