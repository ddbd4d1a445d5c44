import type { StoreTls } from "../../../kv/tls";
import { portOf } from "../ports";
import { tlsPaths } from "../tlsFiles";
import { etcdMembership, initialCluster, memberName, peerUrl } from "./etcdMembership";
import type { Kind } from "./kind";
import { versionOf } from "./version";

export const etcd: Kind = {
  name: "etcd",
  title: "etcd",
  scheme: "etcd",
  image: "quay.io/coreos/etcd:v3.3.25",
  peerPorts: [2380],
  volumes: (dataVolume) => [{ name: dataVolume, path: "/var/lib/etcd" }],
  url: (addresses, port) => `etcd://${addresses.map((address) => `${address}:${port}`).join(",")}`,

  refuseImage(image) {
    const version = versionOf(image);
    if (version === undefined || version < 3.06) return undefined;
    return "to be an etcd up to 3.5: engines speak its keys API of version 2, which etcd 3.6 no longer has";
  },

  container: (inputs, server) => {
    const version = versionOf(inputs.image);
    const client = (address: string) => `${inputs.tls ? "https" : "http"}://${address}:${portOf(inputs)}`;
    return {
      config: {
        Image: inputs.image,
        Hostname: inputs.name,
        Cmd: [
          "etcd",
          `--name=${memberName(inputs, server)}`,
          "--data-dir=/var/lib/etcd",
          `--listen-client-urls=${client(server.address)},${client("127.0.0.1")}`,
          `--advertise-client-urls=${client(server.address)}`,
          `--listen-peer-urls=${peerUrl(inputs, server)}`,
          `--initial-advertise-peer-urls=${peerUrl(inputs, server)}`,
          ...(inputs.tls ? tlsArguments(inputs.tls) : []),
          // On by itself up to 3.3, and not known before.
          ...(version !== undefined && version < 3.04 ? [] : ["--enable-v2"]),
        ],
      },
      firstStart: { Env: initialCluster(inputs, inputs.servers, "new") },
    };
  },
  membership: etcdMembership,
};

/** Both sides show certificates, of engines and servers as of servers among each other. */
function tlsArguments(tls: StoreTls): string[] {
  const { ca, cert, key } = tlsPaths(tls);
  return ["", "peer-"].flatMap((whom) => [
    `--${whom}cert-file=${cert}`,
    `--${whom}key-file=${key}`,
    `--${whom}client-cert-auth`,
    `--${whom}trusted-ca-file=${ca}`,
  ]);
}
