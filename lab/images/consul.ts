import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { standardPath } from "./busybox";
import type { Image } from "./image";
import { unpackOnto } from "./unpack";

/** What the official image's entrypoint does with its environment and arguments, without its change of user. */
const entrypoint = `#!/bin/sh
set -e

# The option that binds to the first IPv4 address of an interface.
address_option() {
    address=$(ip -o -4 addr list "$2" | head -n1 | awk '{print $4}' | cut -d/ -f1)
    if [ -z "$address" ]; then
        echo "Could not find IP for interface '$2', exiting" >&2
        exit 1
    fi
    echo "-$1=$address"
}

BIND=
CLIENT=
[ -z "$CONSUL_BIND_INTERFACE" ] || BIND=$(address_option bind "$CONSUL_BIND_INTERFACE")
[ -z "$CONSUL_CLIENT_INTERFACE" ] || CLIENT=$(address_option client "$CONSUL_CLIENT_INTERFACE")
[ -z "$CONSUL_LOCAL_CONFIG" ] || echo "$CONSUL_LOCAL_CONFIG" > /consul/config/local.json

case $1 in
-*) set -- consul "$@" ;;
agent)
    shift
    set -- consul agent -data-dir=/consul/data -config-dir=/consul/config $BIND $CLIENT "$@"
    ;;
*) if consul --help "$1" 2>&1 | grep -q "consul $1"; then set -- consul "$@"; fi ;;
esac
exec "$@"
`;

/** Debian's Consul with the libraries it needs, busybox for the shell, and the folders of the official image. */
async function fillConsul(root: string): Promise<void> {
  await unpackOnto(root, "bullseye", ["consul"]);
  await rename(join(root, "usr/bin/consul"), join(root, "bin/consul"));
  for (const dir of ["consul/data", "consul/config", "usr/local/bin"])
    await mkdir(join(root, dir), { recursive: true });
  await writeFile(join(root, "usr/local/bin/docker-entrypoint.sh"), entrypoint, { mode: 0o755 });
}

/** The `consul` of Docker Hub, as far as the lab needs it. `1.8` is another image than `1.8.7`: an update to test with. */
export const consul: Image = {
  name: "consul",
  tags: [{ tag: "1.8.7" }, { tag: "1.8", labels: { "org.opencontainers.image.version": "1.8" } }],
  config: {
    Env: [standardPath, "CONSUL_VERSION=1.8.7"],
    Entrypoint: ["docker-entrypoint.sh"],
    Cmd: ["agent", "-dev", "-client", "0.0.0.0"],
    Volumes: { "/consul/data": {} },
    ExposedPorts: Object.fromEntries(
      ["8300/tcp", "8301/tcp", "8301/udp", "8302/tcp", "8302/udp", "8500/tcp", "8600/tcp", "8600/udp"].map((p) => [
        p,
        {},
      ]),
    ),
  },
  fill: fillConsul,
  version: 3,
};
