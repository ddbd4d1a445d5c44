import * as pulumi from "@pulumi/pulumi";
import * as crosshost from "pulumi-crosshost";

const config = new pulumi.Config();
const privateKey = config.requireSecret("privateKey");
const connections = config
  .requireObject<{ host: string; hostKey: string }[]>("hosts")
  .map(({ host, hostKey }) => ({ host, hostKey, user: "root", privateKey }));
const [host1] = connections;
if (!host1) throw new Error("`pulumi config set --path 'hosts[0].host' …`: there are no hosts yet");

// Consul in a container on the first host, on the host's network, its page on :8500
const store = new crosshost.KVStore("consul", {
  kind: "consul",
  servers: [{ connection: host1, bindInterface: "eth0" }],
});

// docker.service on every host gets --cluster-store and --cluster-advertise; the running engines join live
const members = connections.map(
  (connection, i) =>
    new crosshost.ClusterMember(`host${i + 1}`, {
      connection,
      clusterStore: store.url,
      clusterAdvertise: "eth0:2376",
    }),
);

// A VXLAN network that every member sees
const overlay = new crosshost.OverlayNetwork("ov_net1", {
  connections: members.map((member) => member.connection),
  ipamConfigs: [{ subnet: config.get("overlaySubnet") ?? "10.200.0.0/24" }],
});

// One LAN, shared out between the hosts so that no two containers ever get the same address
const hostsLan = { subnet: "10.77.0.0/24", gateway: "10.77.0.254", ipRange: "10.77.0.64/26" };
const lan = new crosshost.MacvlanNetwork("lan", {
  ipamConfigs: [config.getObject<typeof hostsLan>("lan") ?? hostsLan],
  hosts: members.map((member) => ({ connection: member.connection, parent: "eth0" })),
});

// A web server on every host, on both networks; all of them answer to the name `web` on the overlay
const web = members.map(
  (member, i) =>
    new crosshost.Container(`web${i + 1}`, {
      connection: member.connection,
      image: "busybox:1.35",
      command: ["httpd", "-f"],
      networksAdvanced: [{ name: overlay.name, aliases: ["web"] }, { name: lan.name }],
    }),
);

export const ui = store.uiUrl;
export const plan = lan.plan;
export const endpoints = web.map((container) => container.endpoints);
