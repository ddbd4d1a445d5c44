/** What a program of the lab begins with: `connections`, one to each host. */
const CONNECTIONS = `
import * as pulumi from "@pulumi/pulumi";
import * as crosshost from "pulumi-crosshost";

const config = new pulumi.Config();
const privateKey = config.requireSecret("privateKey");
const connections = config
  .requireObject<{ host: string; hostKey: string }[]>("hosts")
  .map(({ host, hostKey }) => ({ host, hostKey, user: "root", privateKey, dialErrorLimit: 2, perDialTimeout: 2 }));
`;

/** A program for a cluster that another one has made: an overlay, and on the first host a container on it. */
export const guestProgram = `${CONNECTIONS}
const overlay = new crosshost.OverlayNetwork("ov_net1", { connections, ipamConfigs: [{ subnet: "10.201.0.0/24" }] });
new crosshost.Container("guest", {
  connection: connections[0]!, image: "busybox:1.35", command: ["httpd", "-f"], networksAdvanced: [{ name: overlay.name }],
});
`;

/**
 * A program with the lab's hosts in one cluster, one overlay, and web servers on it: `web<host>` or `web<host>-<number>`, all
 * of them known as `web`, too, and those of a host as `on<host>`.
 */
export function overlayProgram({ perHost = 1, container = "", network = "" } = {}): string {
  return `${CONNECTIONS}const store = new crosshost.KVStore("consul", {
  kind: "consul",
  servers: [{ connection: connections[0]!, bindInterface: "eth0" }],
});
const members = connections.map(
  (connection, i) =>
    new crosshost.ClusterMember(\`host\${i + 1}\`, { connection, clusterStore: store.url, clusterAdvertise: "eth0:2376" }),
);
const overlay = new crosshost.OverlayNetwork("ov_net1", {
  connections: members.map((member) => member.connection), ipamConfigs: [{ subnet: "10.200.0.0/24" }],
  ${network}
});
// By configuration, to take containers away and make them anew without another program.
const perHost = config.getNumber("perHost") ?? ${perHost};
const webs = members.flatMap((member, i) =>
  Array.from({ length: perHost }, (_, n) =>
    new crosshost.Container("web" + (i + 1) + (perHost === 1 ? "" : "-" + (n + 1)), {
      connection: member.connection, image: "busybox:1.35", command: ["httpd", "-f"],
      networksAdvanced: [{ name: overlay.name, aliases: ["web", "on" + (i + 1)] }],
      ${container}
    }),
  ),
);
export const names = webs.map((web) => web.name);
`;
}
