import type { Made } from "../inputs";
import { portOf } from "../ports";
import { tlsPaths } from "../tlsFiles";
import { consulMembership, nodeName } from "./consulMembership";
import type { Kind } from "./kind";

export const consul: Kind = {
  name: "consul",
  title: "Consul",
  scheme: "consul",
  image: "consul:1.8.7",
  // Raft, and gossip in the data centre.
  peerPorts: [8300, 8301],
  // Gossip beyond the data centre, DNS.
  otherPorts: [8302, 8600],
  volumes: (dataVolume) => [{ name: dataVolume, path: "/consul/data" }],
  // Engines take one endpoint of a Consul. Source: libkv `store/consul`, ErrMultipleEndpointsUnsupported.
  url: ([first], port) => `consul://${first}:${port}`,
  uiUrl: (address, port, scheme) => `${scheme}://${address}:${port}/ui/`,

  /** A persistent server: the image's own default keeps everything in memory. */
  container: (inputs, server) => ({
    config: {
      Image: inputs.image,
      Hostname: inputs.name,
      Cmd: [
        "agent",
        "-server",
        "-ui",
        `-node=${nodeName(inputs, server)}`,
        `-bind=${server.address}`,
        `-client=${server.address} 127.0.0.1`,
        ...api(inputs),
        // The defaults are meant for slow machines, up to 10 s until a first leader, and for many clients.
        '-hcl=performance { raft_multiplier = 1, leave_drain_time = "0s" }',
        // The default is 10 s until one that joined has a vote, without which it is no help to the quorum.
        '-hcl=autopilot { server_stabilization_time = "1s" }',
        // The default is 30 s: servers that start together may all have asked before any of them listened.
        "-retry-interval=1s",
      ],
    },
    firstStart: {
      Cmd: [
        `-bootstrap-expect=${inputs.servers.length}`,
        ...inputs.servers.filter(({ id }) => id !== server.id).map(({ address }) => `-retry-join=${address}`),
      ],
    },
  }),
  membership: consulMembership,
  user: "consul",
};

/** Where engines and people ask, and how; with certificates the servers ask each other by them, too. */
function api(inputs: Made): string[] {
  if (!inputs.tls) return [`-http-port=${portOf(inputs)}`];
  const { ca, cert, key } = tlsPaths(inputs.tls);
  const files = `ca_file = "${ca}" cert_file = "${cert}" key_file = "${key}"`;
  return [
    "-http-port=-1",
    `-https-port=${portOf(inputs)}`,
    `-hcl=${files} verify_incoming = true verify_outgoing = true`,
  ];
}
