import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CrosshostError } from "../provider/errors";
import { removeFolder } from "./down";
import { writeHostFiles } from "./files";
import { LabHost } from "./host";
import { mountRoot } from "./mounts";
import { hostNames, labNames } from "./names";
import { type LabRecord, labDir } from "./record";
import { makeKey } from "./ssh";

const mostHosts = 60;

/** The numbers of so many hosts. */
export function hostNumbers(count: number): number[] {
  if (Number.isInteger(count) && count >= 1 && count <= mostHosts)
    return Array.from({ length: count }, (_, i) => i + 1);
  throw new CrosshostError(`a lab has 1 to ${mostHosts} hosts, got ${count}`, { code: "unsupported" });
}

/** Makes a host that can be booted, from nothing: whatever is there of one of this number is removed first. */
export async function makeHost(record: LabRecord, number: number, baseDir: string): Promise<void> {
  await removeHost(record, number);
  const lab = labDir(record.name);
  const { name } = hostNames(record.slot, number);
  const dir = join(lab, name);
  await mkdir(dir, { recursive: true });
  await makeKey(join(dir, "host_key"), name);
  const root = await mountRoot(baseDir, dir);
  await writeHostFiles(root, {
    hostName: name,
    keys: dir,
    authorizedKey: await readFile(join(lab, "id.pub"), "utf8"),
    registry: labNames(record.slot).registry,
  });
}

export async function removeHost(record: LabRecord, number: number): Promise<void> {
  const host = new LabHost(record.name, record.slot, number);
  await host.powerOff();
  await removeFolder(join(labDir(record.name), host.name));
}

/** Tells the lab's own OpenSSH client which key each host has. */
export async function writeKnownHosts(record: LabRecord): Promise<void> {
  const hosts = record.hosts.map((number) => new LabHost(record.name, record.slot, number));
  const lines = hosts.map(({ address, hostKey }) => `${address} ${hostKey}\n`);
  await writeFile(join(labDir(record.name), "known_hosts"), lines.join(""));
}
