import { Lab } from "../../lab";
import { down } from "../../lab/down";
import { lockLab, readRecord } from "../../lab/record";
import { remains } from "../../lab/remains";
import { showHostCheck } from "../hostCheck";
import { openStack } from "./stack";
import { forget, remember } from "./state";

/** Destroys the stack, shows that the hosts are as they were, takes the lab down and shows that nothing of it is left. */
export async function destroy(name: string): Promise<number> {
  const record = await readRecord(name);
  if (!record) {
    await forget(name);
    console.log(`The lab "${name}" is not up: there is nothing to take down.`);
    return 0;
  }
  const lab = await Lab.open(name);
  if (lab && !(await destroyStack(lab))) return 1;
  // By its name, since a lab that runs no more can have left mounts and links, too.
  await lockLab(name, () => down(name));
  await forget(name);
  console.log("\nThe lab is down. Its processes, control groups, namespaces, mounts, links and rules on this machine:");
  const left = await remains(name, record.slot);
  console.log(left.map((one) => `  LEFT: ${one}`).join("\n") || "  none is left");
  return left.length === 0 ? 0 : 1;
}

async function destroyStack(lab: Lab): Promise<boolean> {
  const { original } = await remember(lab);
  const stack = await openStack(lab.name);
  console.log("$ pulumi destroy");
  const { exitCode } = await stack.destroy({ mustSucceed: false });
  if (exitCode !== 0) return false;
  console.log("\nThe hosts, compared with what they were when the lab came up:");
  return await showHostCheck(lab, original);
}
