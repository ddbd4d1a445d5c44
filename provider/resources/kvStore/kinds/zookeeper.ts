import type { Made } from "../inputs";
import { portOf } from "../ports";
import type { Kind } from "./kind";

/** What a follower asks its leader at, and what leaders are elected at. */
const [QUORUM_PORT, ELECTION_PORT] = [2888, 3888];

export const zookeeper: Kind = {
  name: "zookeeper",
  title: "ZooKeeper",
  scheme: "zk",
  image: "zookeeper:3.4.13",
  peerPorts: [QUORUM_PORT, ELECTION_PORT],
  volumes: (dataVolume) => [
    { name: dataVolume, path: "/data" },
    { name: `${dataVolume}-log`, path: "/datalog" },
  ],
  url: (addresses, port) => `zk://${addresses.map((address) => `${address}:${port}`).join(",")}`,
  memory: 160,

  /** The image writes what ZOO_SERVERS has into its settings, a line each; what is said twice counts as said last. */
  container: (inputs, server) => ({
    config: {
      Image: inputs.image,
      Hostname: inputs.name,
      Env: [
        `ZOO_MY_ID=${server.id}`,
        ...javaFlags(inputs),
        `ZOO_SERVERS=${[
          ...ensemble(inputs),
          `clientPort=${portOf(inputs)}`,
          `clientPortAddress=${server.address}`,
          // From 3.5 on there is a web server, on every address.
          "admin.enableServer=false",
          ...(inputs.extraArguments ?? []),
        ].join(" ")}`,
      ],
      // The image declares a volume there; an anonymous one would outlive the container.
      HostConfig: { Tmpfs: { "/logs": "" } },
    },
    firstStart: {},
  }),
};

/** The second compiler is for programs that work hard for long; without it a start takes a quarter less of a processor. */
function javaFlags({ environment = {} }: Made): string[] {
  return "SERVER_JVMFLAGS" in environment ? [] : ["SERVER_JVMFLAGS=-XX:TieredStopAtLevel=1"];
}

/** One server alone is no ensemble: it would wait for a quorum of others. */
function ensemble({ servers }: Made): string[] {
  if (servers.length === 1) return [];
  return servers.map(({ id, address }) => `server.${id}=${address}:${QUORUM_PORT}:${ELECTION_PORT}`);
}
