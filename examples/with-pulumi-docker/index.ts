import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as crosshost from "pulumi-crosshost";

const config = new pulumi.Config();
const identityFile = config.require("identityFile");
const privateKey = config.requireSecret("privateKey");
const connections = config
  .requireObject<{ host: string; hostKey: string }[]>("hosts")
  .map(({ host, hostKey }) => ({ host, hostKey, user: "root", privateKey }));
const [host1] = connections;
if (!host1) throw new Error("`pulumi config set --path 'hosts[0].host' …`: there are no hosts yet");

// The cluster and its network, made here
const store = new crosshost.KVStore("consul", {
  kind: "consul",
  servers: [{ connection: host1, bindInterface: "eth0" }],
});
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
  ipamConfigs: [{ subnet: "10.200.0.0/24" }],
});

// Containers of @pulumi/docker on it: one provider for each host, which checks the host's key as strictly
export const addresses = connections.map((connection, i) => {
  const provider = new docker.Provider(`host${i + 1}`, crosshost.dockerProviderArgs(connection, { identityFile }));
  const web = new docker.Container(
    `web${i + 1}`,
    {
      name: `web${i + 1}`,
      image: "busybox:1.35",
      command: ["httpd", "-f"],
      networksAdvanced: [{ name: overlay.name, aliases: ["web"] }],
    },
    { provider },
  );
  return web.networkDatas;
});

// The same container of pulumi-crosshost: its network changes while it runs
export const endpoints = new crosshost.Container("web", {
  connection: host1,
  image: "busybox:1.35",
  command: ["httpd", "-f"],
  networksAdvanced: [{ name: overlay.name, aliases: ["web"] }],
}).endpoints;
