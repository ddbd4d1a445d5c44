import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CrosshostError } from "../provider/errors";
import type { Suite } from "./debian";
import { withLock } from "./lock";
import { chooseSlot, slotCount } from "./names";
import { stateDir } from "./paths";

/** What is remembered of a lab from `up` to `down`. */
export interface LabRecord {
  name: string;
  slot: number;
  suite: Suite;
  /** The numbers of its hosts. */
  hosts: number[];
}

export const labDir = (name: string) => stateDir("labs", name);
const recordFile = (name: string) => join(labDir(name), "lab.json");

/** One lab is changed by one process at a time. */
export const lockLab = <T>(name: string, work: () => Promise<T>) => withLock(stateDir(`lab-${name}.lock`), work);

export async function readRecord(name: string): Promise<LabRecord | undefined> {
  try {
    return JSON.parse(await readFile(recordFile(name), "utf8")) as LabRecord;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

export async function writeRecord(record: LabRecord): Promise<void> {
  const file = recordFile(record.name);
  await writeFile(`${file}.new`, `${JSON.stringify(record)}\n`);
  await rename(`${file}.new`, file);
}

/** Gives a new lab a slot that no other lab has, and its folder. Two labs that start at the same moment get different ones. */
export async function claimSlot(name: string, suite: Suite): Promise<LabRecord> {
  if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(name)) {
    throw new CrosshostError(`a lab's name has lower-case letters, digits and hyphens only, got "${name}"`, {
      code: "unsupported",
    });
  }
  return await withLock(stateDir("slots.lock"), async () => {
    const labs = await allRecords();
    const known = labs.find((lab) => lab.name === name);
    const slot =
      known?.slot ??
      chooseSlot(
        name,
        labs.map((lab) => lab.slot),
      );
    if (slot === undefined) {
      throw new CrosshostError(
        `all ${slotCount} labs of this machine are taken: ${labs.map((lab) => lab.name).join(", ")}`,
        {
          code: "unsupported",
          hint: "take one down: npx tsx lab/cli.ts down --name NAME",
        },
      );
    }
    const record: LabRecord = { name, slot, suite, hosts: [] };
    await mkdir(labDir(name), { recursive: true, mode: 0o700 });
    await writeRecord(record);
    return record;
  });
}

/** Every lab that was started and not taken down. */
export async function allRecords(): Promise<LabRecord[]> {
  await mkdir(stateDir("labs"), { recursive: true });
  const records = await Promise.all((await readdir(stateDir("labs"))).map(readRecord));
  return records.filter((record) => record !== undefined);
}
