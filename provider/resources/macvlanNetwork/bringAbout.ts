import type { NetworkCreate } from "../../docker/types";
import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import { connectionTo } from "../shared/hosts";
import { ensureNetwork, toDocker } from "../shared/network";
import { removeFromHost } from "./delete";
import type { HostPlan, MacvlanNetworkInputs, MacvlanNetworkState } from "./inputs";

/** Makes the network on every host of the plan, and takes it away from hosts that are no longer in it. */
export async function bringAbout(
  inputs: MacvlanNetworkInputs,
  task: Task,
  olds?: MacvlanNetworkState,
): Promise<MacvlanNetworkState> {
  const left = Object.keys(olds?.plan ?? {}).filter((host) => !(host in inputs.plan));
  await settleAll(left.map((host) => removeFromHost(olds!, host, task)));

  const made = await settleAll(
    Object.entries(inputs.plan).map(async ([host, plan]): Promise<[string, string]> => {
      const connection = connectionTo(host, inputs.connections);
      const docker = await task.run.docker(connection, task.deadline);
      const spec = networkSpec(inputs, plan);
      const { id } = await task.run
        .engineGate(connection)
        .shared(() => ensureNetwork(docker, host, { owner: inputs.owner, spec }, task.touching));
      return [host, id];
    }),
  );
  return { ...inputs, networkIds: Object.fromEntries(made) };
}

function networkSpec(inputs: MacvlanNetworkInputs, { parent, ipRange }: HostPlan): NetworkCreate {
  const [config] = inputs.ipamConfigs;
  return {
    Name: inputs.name,
    Driver: "macvlan",
    IPAM: { Config: [toDocker({ ...config!, ipRange })] },
    Options: { parent },
    Labels: inputs.labels,
  };
}
