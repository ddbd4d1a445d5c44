import { CrosshostError } from "../provider/errors";
import { base } from "./base";
import { processesIn } from "./cgroup";
import type { Suite } from "./debian";
import { down, removeSlot } from "./down";
import { LabHost } from "./host";
import { hostNumbers, makeHost, removeHost, writeKnownHosts } from "./hosts";
import { imageStore } from "./images/store";
import { labNames } from "./names";
import { makeBridge, makeRoomForNeighbours } from "./network";
import { type Progress, step } from "./progress";
import { claimSlot, type LabRecord, labDir, lockLab, readRecord, writeRecord } from "./record";
import { startRegistry } from "./registry";
import { requirements } from "./requirements";
import { makeKey } from "./ssh";

export interface UpOptions {
  name: string;
  suite: Suite;
  hosts: number;
  progress: Progress;
}

/** Brings a lab to what is asked for, whatever is there of it now. */
export async function up(options: UpOptions): Promise<LabRecord> {
  const wanted = hostNumbers(options.hosts);
  await requirements(options.progress);
  return await lockLab(options.name, async () => {
    const record = (await running(options)) ?? (await fresh(options));
    await ensureRegistry(record, options.progress);
    await bringTo(record, wanted, options.progress);
    return record;
  });
}

/** The lab as it runs now; of one that does not, everything is removed. */
async function running({ name, suite, progress }: UpOptions): Promise<LabRecord | undefined> {
  const record = await readRecord(name);
  if (!record) return undefined;
  const states = await Promise.all(record.hosts.map((number) => new LabHost(name, record.slot, number).runs()));
  if (!states.includes(true)) {
    await step(progress, `lab "${name}" did not end cleanly: what it left is removed`, () => down(name));
    return undefined;
  }
  if (record.suite !== suite) {
    throw new CrosshostError(`lab "${name}" runs with ${record.suite} hosts, not ${suite}`, {
      code: "conflict",
      hint: `take it down first, or give the other lab another name: --name ${suite}`,
    });
  }
  progress(`lab "${name}" runs already, with ${record.hosts.length} hosts`);
  return record;
}

/** A new lab without hosts yet: its slot, folder, key and bridge. */
async function fresh({ name, suite, progress }: UpOptions): Promise<LabRecord> {
  await base(suite, progress);
  const record = await claimSlot(name, suite);
  // Someone may have removed the record of an earlier lab of this slot, and not the lab.
  await removeSlot(record.slot);
  await makeKey(`${labDir(name)}/id`, `crosshost lab ${name}`);
  const names = labNames(record.slot);
  await makeRoomForNeighbours();
  await makeBridge(names);
  progress(`network ${names.bridge}: ${names.subnet}`);
  return record;
}

async function ensureRegistry({ name, slot }: LabRecord, progress: Progress): Promise<void> {
  const { registry, cgroup } = labNames(slot);
  if ((await processesIn(`${cgroup}/registry`)).length > 0) return;
  const storage = await imageStore(progress);
  await step(progress, `registry ${registry}: serving`, () =>
    startRegistry(`${cgroup}/registry`, {
      address: registry,
      storage,
      readOnly: true,
      files: `${labDir(name)}/registry`,
    }),
  );
}

/** Removes hosts that are not wanted, makes those that are missing, and boots those that are off. */
async function bringTo(record: LabRecord, wanted: number[], progress: Progress): Promise<void> {
  for (const number of record.hosts.filter((one) => !wanted.includes(one))) {
    await step(progress, `host${number}: removed`, () => removeHost(record, number));
  }
  const missing = wanted.filter((number) => !record.hosts.includes(number));
  const baseDir = await base(record.suite, progress);
  await Promise.all(missing.map((number) => makeHost(record, number, baseDir)));
  record.hosts = wanted;
  await writeRecord(record);
  await writeKnownHosts(record);
  await Promise.all(
    wanted.map(async (number) => {
      const host = new LabHost(record.name, record.slot, number);
      if (await host.runs()) return;
      await step(progress, `${host.name}: ready at ${host.address}`, async () => {
        await host.powerOff();
        await host.powerOn();
      });
    }),
  );
}
