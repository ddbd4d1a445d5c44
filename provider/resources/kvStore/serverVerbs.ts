import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import type { Task } from "../../lifecycle";
import { isMadeFrom } from "../shared/owned";
import { ensureContainer, removeContainer } from "../shared/ownedContainer";
import { serverContainer } from "./container";
import type { Made } from "./inputs";
import { kinds } from "./kinds";
import type { ServerContainer } from "./kinds/kind";
import type { ReachedServer } from "./reached";
import { putTlsFiles } from "./tlsFiles";
import { makeVolumes, missingVolumes, removeVolumes } from "./volumes";

/** Makes and starts one server, on the data that is there; one that is there as it should be is only started. */
export async function bringUp(
  inputs: Made,
  reached: ReachedServer,
  task: Task,
  firstStart?: ServerContainer["firstStart"],
): Promise<void> {
  const { docker, host, server, connection } = reached;
  await task.run.engineGate(connection).shared(async () => {
    const missing = await missingVolumes(inputs, reached);
    task.touching();
    await makeVolumes(inputs, reached, missing);
    const wanted = serverContainer(inputs, server);
    const { container } = await ensureContainer(
      docker,
      host.address,
      {
        owner: inputs.owner,
        name: inputs.name,
        config: wanted.config,
        firstStart: firstStart ?? wanted.firstStart,
      },
      task,
    );
    if (!container.State.Running) await start(inputs, docker, container);
    reached.askAt(server.url);
  });
}

/** Starts a server's container, with what it needs for that. */
export async function start(inputs: Made, docker: DockerApi, container: Container): Promise<void> {
  const { Id, Config } = container;
  if (inputs.tls) await putTlsFiles(docker, Id, inputs.tls, Config.User || kinds[inputs.kind].user);
  await keepRunning(docker, container);
  await docker.containers.start(Id);
}

/** One that was about to leave, and is wanted again, is to come back after a boot, too. */
export async function keepRunning(docker: DockerApi, { Id, HostConfig }: Container): Promise<void> {
  if (HostConfig.RestartPolicy?.Name === "no")
    await docker.containers.update(Id, { RestartPolicy: { Name: "always" } });
}

/** Whether the server's container is made from what it should be. */
export async function isAsWanted(inputs: Made, reached: ReachedServer): Promise<boolean> {
  const container = await reached.container();
  const { config } = serverContainer(inputs, reached.server);
  return container !== undefined && isMadeFrom({ owner: inputs.owner, spec: config }, container.Config.Labels);
}

/** Removes a server and its data. */
export async function removeServer(inputs: Made, reached: ReachedServer, task: Task): Promise<void> {
  await task.run.engineGate(reached.connection).shared(async () => {
    await removeContainer(reached.docker, inputs.name, inputs.owner);
    await removeVolumes(inputs, reached.docker);
  });
}
