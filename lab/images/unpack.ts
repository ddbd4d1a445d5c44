import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { debootstrap, type Suite } from "../debian";
import { run } from "../run";
import { fillBusybox } from "./busybox";

/** What a server does not need in its image. */
const leftOut = [
  ...["usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/lintian", "usr/share/fonts"],
  ...["usr/share/icons", "etc/init.d", "var"],
];

/** The files of Debian packages and of what they depend on, with busybox for a shell. */
export async function unpackOnto(root: string, suite: Suite, packages: string[]): Promise<void> {
  const shell = await mkdtemp(join(tmpdir(), "crosshost-image-"));
  const unpacked = join(root, "unpacked");
  try {
    await fillBusybox(shell);
    await debootstrap(suite, "files", packages, unpacked);
    for (const dir of leftOut) await rm(join(unpacked, dir), { recursive: true, force: true });
    await run("cp", ["-a", `${unpacked}/.`, `${shell}/.`, root]);
  } finally {
    await rm(shell, { recursive: true });
  }
  await rm(unpacked, { recursive: true });
}
