import * as pulumi from "@pulumi/pulumi";
import * as crosshost from "pulumi-crosshost";

const config = new pulumi.Config();
const privateKey = config.requireSecret("privateKey");
const connections = config
  .requireObject<{ host: string; hostKey: string }[]>("hosts")
  .map(({ host, hostKey }) => ({ host, hostKey, user: "root", privateKey }));

// The hosts' own LAN, with the part of it that containers may have, shared out between the hosts
const hostsLan = { subnet: "10.77.0.0/24", gateway: "10.77.0.254", ipRange: "10.77.0.64/26" };
const lan = new crosshost.MacvlanNetwork("lan", {
  ipamConfigs: [config.getObject<typeof hostsLan>("lan") ?? hostsLan],
  hosts: connections.map((connection) => ({ connection, parent: "eth0" })),
  // Without it everybody on the LAN reaches a container but the host that runs it
  hostAccess: true,
});

// A web server on every host, with an address of the LAN
const web = connections.map(
  (connection, i) =>
    new crosshost.Container(`web${i + 1}`, {
      connection,
      image: "busybox:1.35",
      command: ["httpd", "-f"],
      networksAdvanced: [{ name: lan.name }],
    }),
);

export const plan = lan.plan;
export const addresses = web.map(({ endpoints }) => endpoints.apply(([endpoint]) => endpoint?.address));
