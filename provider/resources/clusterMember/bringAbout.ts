import { BootRepair } from "../../engine/bootRepair";
import { wholeOf } from "../../engine/clusterSettings";
import { putStoreTls, removeStoreTls } from "../../engine/storeTlsFiles";
import { CrosshostError } from "../../errors";
import type { Task } from "../../lifecycle";
import type { Host } from "../../ssh/host";
import { requireNoTwin } from "./conflicts";
import type { ClusterMemberInputs, ClusterMemberState } from "./inputs";
import { join } from "./join";
import { storeOf } from "./memberStore";
import { atMost, isMember, type Joining, waitForStore } from "./membership";
import { type Preflight, preflight } from "./preflight";

/** How long a host that has just booted may take to heal itself: a heartbeat of its engine, and some. */
const BOOT_PATIENCE = 60_000;

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
  // What an interrupted create has left has to be in state.
  if (!olds && (found.place.owner ?? found.otherPlace.owner)) task.touching();
  const store = await storeOf(inputs, host);
  const recorded = olds?.advertisedAddress === undefined ? undefined : wholeOf(olds);
  const joining: Joining = { ...found, inputs, task, host, docker, store, recorded };
  const { advertisedAddress, engine } = found;
  const member = { host: inputs.host, clusterStore: inputs.clusterStore, hostName: engine.Name, advertisedAddress };
  requireNoTwin(host, member, run.members.enter(member));

  if (inputs.bootRepair || found.carriesStore) {
    await new BootRepair(host, inputs.owner).settled(atMost(BOOT_PATIENCE, deadline));
  }
  const storeGate = run.storeGate(inputs.clusterStore);
  await storeGate.shared(() => waitForStore(joining));
  task.touching();
  if (inputs.tls) await putStoreTls(host, inputs.tls);
  if (await storeGate.shared(() => isMember(joining))) {
    await found.otherPlace.remove();
    await found.place.write(inputs.owner, inputs);
  } else {
    await join(joining);
  }
  if (inputs.tls || olds?.tls) await removeStoreTls(host, inputs.tls);
  await provideForBoot(inputs, found, host, task);
  return {
    ...inputs,
    engineVersion: engine.ServerVersion,
    advertisedAddress,
    hostName: engine.Name,
    ownsDropInFolder: found.dropInPlace.ownsFolder,
    carriesStore: found.carriesStore,
  };
}

/**
 * A host that carries the store needs help at each boot, since its engine joins the gossip later than its containers their
 * overlays; any other host only after a power loss, if that is wanted.
 */
async function provideForBoot(
  inputs: ClusterMemberInputs,
  { carriesStore, advertisedIp }: Preflight,
  host: Host,
  { run }: Task,
): Promise<void> {
  const bootRepair = new BootRepair(host, inputs.owner);
  if (!inputs.bootRepair && !carriesStore) return await bootRepair.remove();
  if (await bootRepair.isPossible()) return await bootRepair.install({ advertisedIp, mayRestart: inputs.bootRepair });
  if (inputs.bootRepair) {
    throw new CrosshostError(`host ${host.address}: \`bootRepair\` needs the docker command, which the host has not`, {
      code: "unsupported",
      hint: "install Docker's command line there, or leave it to `pulumi up --refresh`",
    });
  }
  run.progress(
    host.address,
    "it carries the store but has no docker command: after a reboot its containers on overlays need `pulumi up --refresh`",
  );
}
