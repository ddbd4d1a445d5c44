import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { standardPath } from "./busybox";
import type { Image } from "./image";
import { unpackOnto } from "./unpack";

/** Debian's etcd with the libraries it needs, on busybox, at the place of the project's own image. */
async function fillEtcd(root: string): Promise<void> {
  await unpackOnto(root, "bullseye", ["etcd-server"]);
  for (const dir of ["usr/local/bin", "var/etcd", "var/lib/etcd"]) await mkdir(join(root, dir), { recursive: true });
  await rename(join(root, "usr/bin/etcd"), join(root, "usr/local/bin/etcd"));
}

/** The project's own image is in no registry that a mirror stands for; the lab has it under a name of Docker Hub's. */
export const etcd: Image = {
  name: "etcd",
  tags: [{ tag: "3.3.25" }, { tag: "3.3", labels: { "org.opencontainers.image.version": "3.3" } }],
  config: {
    Env: [standardPath],
    Cmd: ["/usr/local/bin/etcd"],
    ExposedPorts: { "2379/tcp": {}, "2380/tcp": {} },
  },
  fill: fillEtcd,
  version: 1,
};
