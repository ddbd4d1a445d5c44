import { killCgroup } from "./cgroup";
import { forgetLock, forgetMachine } from "./machine";
import { mountsBelow, unmountBelow } from "./mounts";
import { labNames } from "./names";
import { removeNetwork } from "./network";
import { type LabRecord, labDir, readRecord } from "./record";
import { run } from "./run";

/** Removes everything of a lab from this machine, also what an unclean end left. No such lab is success. */
export async function down(name: string): Promise<void> {
  const record = await readRecord(name);
  if (record) await removeSlot(record.slot);
  await removeFolder(labDir(name));
}

/** Ends what runs in a slot and removes its links and namespaces. */
export async function removeSlot(slot: LabRecord["slot"]): Promise<void> {
  await killCgroup(labNames(slot).cgroup);
  await removeNetwork(slot);
  await forgetMachine(labNames(slot).ownsMachine);
}

/** Removes a folder of a lab, with what is mounted there. */
export async function removeFolder(dir: string): Promise<void> {
  for (const root of await mountsBelow(dir)) await forgetLock(root);
  await unmountBelow(dir);
  if ((await mountsBelow(dir)).length > 0) throw new Error(`${dir} is still mounted`);
  await run("rm", ["-rf", "--one-file-system", "--", dir]);
}
