import { openStore } from "../../kv/store";
import type { Task } from "../../lifecycle";
import type { ClusterMemberInputs, ClusterMemberState } from "./inputs";
import { forgetStore, isMember, type Joining, join, renewDropIn, startAgain, waitForStore } from "./membership";
import { preflight } from "./preflight";

/**
 * Makes the host a member, from whatever state it is in. An engine that has had no store since its start joins live. Any
 * other is first restarted without the flags, so that it forgets, and then joins live too: had it restarted with the
 * flags, a store on that very host would have been away at that moment, and the engine would have joined the gossip only
 * one heartbeat (20 s) later.
 */
export async function bringAbout(inputs: ClusterMemberInputs, task: Task): Promise<ClusterMemberState> {
  const { run, deadline } = task;
  const host = await run.host(inputs.connection, deadline);
  const docker = await run.docker(inputs.connection, deadline);
  const found = await preflight(inputs, host, docker);
  if (found.service.dropIn) task.touching();
  const joining: Joining = { ...found, inputs, task, host, docker, store: openStore(inputs.clusterStore, host) };
  const engineGate = run.engineGate(inputs.connection);
  const storeGate = run.storeGate(inputs.clusterStore);

  await storeGate.shared(() => waitForStore(joining));
  task.touching();
  if (await storeGate.shared(() => isMember(joining))) {
    await renewDropIn(joining);
  } else {
    let ranBefore: string[] = [];
    if (found.engine.ClusterStore) {
      const forget = () => forgetStore(joining);
      ranBefore = await engineGate.exclusive(() =>
        found.carriesStore ? storeGate.exclusive(forget) : storeGate.shared(forget),
      );
    }
    await storeGate.shared(() => join(joining));
    await startAgain(joining, ranBefore);
  }
  return { ...inputs, engineVersion: found.engine.ServerVersion, advertisedAddress: found.advertisedAddress };
}
