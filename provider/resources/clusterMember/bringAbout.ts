import { BootRepair } from "../../engine/bootRepair";
import { openStore } from "../../kv/store";
import type { Task } from "../../lifecycle";
import { requireNoTwin } from "./conflicts";
import type { ClusterMemberInputs, ClusterMemberState } from "./inputs";
import { join } from "./join";
import { isMember, type Joining, waitForStore } from "./membership";
import { preflight } from "./preflight";

/** Makes the host a member, from whatever state it is in; `olds` is what state has of it, if anything. */
export async function bringAbout(
  inputs: ClusterMemberInputs,
  task: Task,
  olds?: Partial<ClusterMemberState>,
): Promise<ClusterMemberState> {
  const { run, deadline } = task;
  const host = await run.host(inputs.connection, deadline);
  const docker = await run.docker(inputs.connection, deadline);
  const found = await preflight(inputs, host, docker, task, olds);
  if (found.place.owner ?? found.otherPlace.owner) task.touching();
  const store = openStore(inputs.clusterStore, host, inputs.clusterStoreOpts);
  const wasMember = olds?.advertisedAddress !== undefined;
  const joining: Joining = { ...found, inputs, task, host, docker, store, wasMember };
  const { advertisedAddress, advertisedIp, engine } = found;
  const member = { host: inputs.host, clusterStore: inputs.clusterStore, hostName: engine.Name, advertisedAddress };
  requireNoTwin(host, member, run.members.enter(member));

  const storeGate = run.storeGate(inputs.clusterStore);
  await storeGate.shared(() => waitForStore(joining));
  task.touching();
  if (await storeGate.shared(() => isMember(joining))) {
    await found.otherPlace.remove();
    await found.place.write(inputs.owner, inputs);
  } else {
    await join(joining);
  }
  const bootRepair = new BootRepair(host, inputs.owner);
  await (inputs.bootRepair ? bootRepair.install(advertisedIp) : bootRepair.remove());
  return {
    ...inputs,
    engineVersion: engine.ServerVersion,
    advertisedAddress,
    hostName: engine.Name,
    ownsDropInFolder: found.dropInPlace.ownsFolder,
  };
}
