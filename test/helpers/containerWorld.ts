import { container } from "../../provider/resources/container";
import type { ContainerInputs, ContainerState } from "../../provider/resources/container/inputs";
import { FakeDocker, type FakeDockerOptions } from "./fakeDocker";
import { FakeHost } from "./fakeHost";
import { fakeRun, fakeTask } from "./fakeRun";
import { checked, connectionTo } from "./inputs";

/** A container's properties, as small as they can be. */
export const news = {
  owner: "lab/dev/web1",
  connection: connectionTo("10.77.0.1"),
  name: "web1",
  image: "busybox:1.35",
};

export const inputsWith = (changed: object = {}): ContainerInputs => checked(container, { ...news, ...changed });

/** One host with an engine, and the verbs of one container there. */
export function containerWorld(options: FakeDockerOptions = {}) {
  const docker = new FakeDocker(options);
  const { run, said, shown } = fakeRun({
    "10.77.0.1": { docker, host: new FakeHost({ "cat /proc/1000/net/route": "" }) },
  });
  const task = () => fakeTask(run);
  return {
    docker,
    run,
    said,
    shown,
    task,
    create: (changed: object = {}) => container.create(inputsWith(changed), task()),
    update: (state: ContainerState, changed: object = {}) => container.update(state, inputsWith(changed), task()),
    read: (state: ContainerState) => container.read(state, task()),
    remove: (state: ContainerState) => container.delete(state, task()),
    inspect: (name = "web1") => docker.containers.inspect(name),
  };
}
