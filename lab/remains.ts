import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { mountsBelow } from "./mounts";
import { labNames } from "./names";
import { labDir } from "./record";
import { run } from "./run";

/** Everything on this machine that belongs to a lab, looked for in the kernel's own lists and not in the lab's records. */
export async function remains(name: string, slot: number): Promise<string[]> {
  const { bridge, cgroup, ownsLink, ownsMachine } = labNames(slot);
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
    const [groups, command] = await Promise.all(["cgroup", "cmdline"].map((file) => read(join("/proc", pid, file))));
    // A process that has ended and waits for its parent has no command line any more.
    if (command && (groups?.includes(`/${cgroup}`) || command.includes(labDir(name)))) found.push(`process ${pid}`);
  }
  for (const hierarchy of ["", "unified", "systemd"]) {
    const group = join("/sys/fs/cgroup", hierarchy, cgroup);
    if (existsSync(group)) found.push(`control group ${group}`);
  }
  found.push(...(await readdir("/sys/class/net")).filter(ownsLink).map((link) => `link ${link}`));
  const namespaces = existsSync("/run/netns") ? await readdir("/run/netns") : [];
  found.push(...namespaces.filter(ownsMachine).map((namespace) => `namespace ${namespace}`));
  found.push(...(await mountsBelow(labDir(name))).map((mount) => `mount ${mount}`));
  const rules = (await run("ip", ["rule", "list"])).split("\n");
  found.push(...rules.filter((rule) => rule.includes(`iif ${bridge} `)).map((rule) => `rule ${rule}`));
  for (const kind of ["propagate", "unix-export"]) {
    const dir = join("/run/systemd/nspawn", kind);
    const machines = existsSync(dir) ? await readdir(dir) : [];
    found.push(...machines.filter(ownsMachine).map((machine) => `machine ${machine}`));
  }
  if (existsSync(labDir(name))) found.push(`folder ${labDir(name)}`);
  return found;
}

/** A process may end while its files are read. */
const read = (file: string) => readFile(file, "utf8").catch(() => "");
