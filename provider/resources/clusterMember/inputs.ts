import * as v from "valibot";
import { parseStoreUrl } from "../../kv/url";
import type { OptionTable } from "../shared/options";
import { adoptable, common, connection, interfaceName, stringRecord } from "../shared/schema";
import { storeTls } from "../shared/storeTls";

const storeText = "to be a store's URL such as consul://10.77.0.1:8500";
const advertiseText = "to be an interface or an IPv4 address with a port, such as eth0:2376";
/** It stands in a unit file, where systemd reads quotes, blanks and backslashes. */
const wordText = "to be without blanks, quotes and backslashes";

export const schema = v.strictObject(
  {
    ...common,
    ...adoptable,
    connection,
    clusterStore: v.pipe(
      v.string(storeText),
      v.check((value) => parseStoreUrl(value) !== undefined, storeText),
      v.check((value) => {
        const { kind, endpoints = [] } = parseStoreUrl(value) ?? {};
        return kind !== "consul" || endpoints.length === 1;
      }, "to have one server only: engines take several of etcd (etcd://…) and ZooKeeper (zk://…), but not of Consul"),
    ),
    clusterAdvertise: v.pipe(
      v.string(advertiseText),
      v.check((value) => {
        const [, address = "", port] = /^(.+):(\d{1,5})$/.exec(value) ?? [];
        return v.is(interfaceName, address) && Number(port) >= 1 && Number(port) <= 65535;
      }, advertiseText),
    ),
    clusterStoreOpts: v.optional(
      v.pipe(stringRecord, v.record(v.string(), v.pipe(v.string(), v.regex(/^[^\s\p{Cc}'"\\]+$/u, wordText)))),
      {},
    ),
    tls: v.optional(storeTls),
    via: v.optional(v.picklist(["service", "daemonJson"], 'to be "service" or "daemonJson"'), "service"),
    apply: v.optional(v.picklist(["live", "restart"], 'to be "live" or "restart"'), "live"),
    bootRepair: v.optional(v.boolean("to be true or false"), false),
  },
  "to be an object",
);

/** A member's inputs after check. */
export interface ClusterMemberInputs extends v.InferOutput<typeof schema> {
  /** The host's id, to be seen beside the secret connection. */
  host: string;
  /** True, so that a refresh which finds the engine outside its cluster shows a difference. */
  joined: boolean;
  /** True, so that a refresh which finds the settings edited, overridden or outdated shows a difference. */
  configured: boolean;
  /** True, so that a refresh which finds an engine that a power loss has left without overlays shows a difference. */
  overlaysUsable: boolean;
}

export interface ClusterMemberState extends ClusterMemberInputs {
  engineVersion: string;
  /** What the engine made of `clusterAdvertise`: `<ip>:<port>`, its key in the store. */
  advertisedAddress: string;
  /** The host's own name, which has to be another than the other members'. */
  hostName: string;
  /** Whether docker.service had no folder for drop-ins before, so that it goes with ours. */
  ownsDropInFolder: boolean;
  /** Whether a server of the store runs on this very host. */
  carriesStore: boolean;
}

export const options: OptionTable<ClusterMemberInputs> = {
  owner: { onChange: "ignore" },
  connection: { onChange: "update", replaceWhenUnknown: true },
  host: { onChange: "replace" },
  clusterStore: { onChange: "update", replaceWhenUnknown: true },
  clusterAdvertise: { onChange: "update" },
  clusterStoreOpts: { onChange: "update" },
  tls: { onChange: "update" },
  via: { onChange: "update" },
  apply: { onChange: "record" },
  bootRepair: { onChange: "update" },
  joined: { onChange: "update" },
  configured: { onChange: "update" },
  overlaysUsable: { onChange: "update" },
  adopt: { onChange: "record" },
  timeouts: { onChange: "record" },
  skipUnreachableHosts: { onChange: "record" },
};
