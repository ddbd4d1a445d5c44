import * as pulumi from "@pulumi/pulumi";
import * as crosshost from "pulumi-crosshost";

const config = new pulumi.Config();
const privateKey = config.requireSecret("privateKey");
const connections = config
  .requireObject<{ host: string; hostKey: string }[]>("hosts")
  .map(({ host, hostKey }) => ({ host, hostKey, user: "root", privateKey }));
if (connections.length !== 3)
  throw new Error("this example is of three hosts: `pulumi config set --path 'hosts[0].host' …`");

// A Consul server on each host: any one of them may fail
const store = new crosshost.KVStore("consul", {
  kind: "consul",
  image: config.get("image"),
  servers: connections.map((connection) => ({ connection, bindInterface: "eth0" })),
});

// Engines take one server only of a Consul. Each gets that of its own host: when a host fails, no other engine misses it
const members = connections.map(
  (connection, i) =>
    new crosshost.ClusterMember(`host${i + 1}`, {
      connection,
      clusterStore: store.servers.apply((servers) => servers[i]!.url),
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

export const ui = store.uiUrl;
export const servers = store.serverStates;
export const endpoints = web.map((container) => container.endpoints);
