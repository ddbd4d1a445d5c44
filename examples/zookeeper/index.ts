import * as pulumi from "@pulumi/pulumi";
import * as crosshost from "pulumi-crosshost";

const config = new pulumi.Config();
const privateKey = config.requireSecret("privateKey");
const connections = config
  .requireObject<{ host: string; hostKey: string }[]>("hosts")
  .map(({ host, hostKey }) => ({ host, hostKey, user: "root", privateKey }));
if (connections.length === 0) throw new Error("`pulumi config set --path 'hosts[0].host' …`: there are no hosts yet");

// ZooKeeper: on the first three hosts, of which one may fail, or on the first where there are fewer
const store = new crosshost.KVStore("zookeeper", {
  kind: "zookeeper",
  image: config.get("image"),
  servers: connections
    .slice(0, connections.length >= 3 ? 3 : 1)
    .map((connection) => ({ connection, bindInterface: "eth0" })),
  // Every member has to reach every server: asked, and said by name, before any engine is touched
  reachableFrom: connections,
});

// The engines, Docker 19.03 or older, are given all servers, and ask another when one is away
const members = connections.map(
  (connection, i) =>
    new crosshost.ClusterMember(`host${i + 1}`, {
      connection,
      clusterStore: store.url,
      clusterAdvertise: "eth0:2376",
    }),
);

const overlay = new crosshost.OverlayNetwork("ov_net1", {
  connections: members.map((member) => member.connection),
  ipamConfigs: [{ subnet: config.get("overlaySubnet") ?? "10.200.0.0/24" }],
});

const web = members.map(
  (member, i) =>
    new crosshost.Container(`web${i + 1}`, {
      connection: member.connection,
      image: "busybox:1.35",
      command: ["httpd", "-f"],
      networksAdvanced: [{ name: overlay.name, aliases: ["web"] }],
    }),
);

export const url = store.url;
export const servers = store.serverStates;
export const endpoints = web.map((container) => container.endpoints);
