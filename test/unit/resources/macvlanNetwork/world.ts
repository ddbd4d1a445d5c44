import { macvlanNetwork } from "../../../../provider/resources/macvlanNetwork";
import type { MacvlanNetworkInputs } from "../../../../provider/resources/macvlanNetwork/inputs";
import { ownershipLabels } from "../../../../provider/resources/shared/owned";
import { FakeDocker } from "../../../helpers/fakeDocker";
import { fakeRun, fakeTask } from "../../../helpers/fakeRun";
import { checked, connectionTo } from "../../../helpers/inputs";
import { lanHost } from "../../../helpers/lanHost";

export const hostsOn = (...hosts: string[]) => ({
  hosts: hosts.map(() => ({ parent: "eth0" })),
  connections: hosts.map((host) => connectionTo(host)),
});
export const both = hostsOn("10.77.0.1", "10.77.0.2");
export const news = {
  owner: "lab/dev/lan",
  name: "lan",
  ...both,
  ipamConfigs: [{ subnet: "10.77.0.0/24", gateway: "10.77.0.254", ipRange: "10.77.0.64/26" }],
};
export const inputsWith = (changed: object = {}) => checked(macvlanNetwork, { ...news, ...changed });

/** Two hosts on a LAN, and their engines. */
export function world() {
  const one = new FakeDocker({ address: "10.77.0.1" });
  const two = new FakeDocker({ address: "10.77.0.2" });
  const hosts = [lanHost("10.77.0.1"), lanHost("10.77.0.2")];
  const { run, said } = fakeRun({
    "10.77.0.1": { docker: one, host: hosts[0] },
    "10.77.0.2": { docker: two, host: hosts[1] },
  });
  const task = () => fakeTask(run);
  const create = (inputs: MacvlanNetworkInputs = inputsWith()) => macvlanNetwork.create(inputs, task());
  const settle = () => [one, two].map((docker) => docker.settle());
  const mutations = () => ({ one: one.mutations, two: two.mutations });
  return { one, two, hosts, said, task, create, settle, mutations };
}

/** A running container on the LAN, of the stack that `owner` says. */
export async function containerOn(docker: FakeDocker, name: string, owner: string, address?: string): Promise<void> {
  const Labels = ownershipLabels({ owner, spec: {} });
  await docker.containers.create(name, {
    ...{ Image: "busybox:1.35", HostConfig: { NetworkMode: "lan" }, Labels },
    ...(address === undefined
      ? {}
      : { NetworkingConfig: { EndpointsConfig: { lan: { IPAMConfig: { IPv4Address: address } } } } }),
  });
  await docker.containers.start(name);
}
