import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { debootstrap } from "../debian";
import { run } from "../run";
import type { Image } from "./image";

export const standardPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Debian's static busybox with a link for each of its commands, and the few files that programs expect of a system. */
export async function fillBusybox(root: string): Promise<void> {
  const unpacked = await mkdtemp(join(tmpdir(), "crosshost-busybox-"));
  try {
    await debootstrap("bookworm", "files", ["busybox-static"], unpacked);
    for (const dir of ["bin", "dev", "etc", "proc", "root", "sys", "tmp", "var/www"]) {
      await mkdir(join(root, dir), { recursive: true });
    }
    await chmod(join(root, "tmp"), 0o1777);
    await cp(join(unpacked, "bin/busybox"), join(root, "bin/busybox"));
  } finally {
    await rm(unpacked, { recursive: true });
  }
  const applets = (await run(join(root, "bin/busybox"), ["--list"])).trim().split("\n");
  for (const applet of applets) {
    if (applet !== "busybox") await symlink("busybox", join(root, "bin", applet));
  }
  await writeFile(
    join(root, "etc/passwd"),
    "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
  );
  await writeFile(join(root, "etc/group"), "root:x:0:\nnogroup:x:65534:\n");
}

/** The `busybox` of Docker Hub, as far as the lab needs it: httpd, ping, ip, nc, wget, nslookup, sleep and the rest. */
export const busybox: Image = {
  name: "busybox",
  tags: [{ tag: "1.35" }],
  config: { Env: [standardPath], Cmd: ["sh"] },
  fill: fillBusybox,
  version: 2,
};
