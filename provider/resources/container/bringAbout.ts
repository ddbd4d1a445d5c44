import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import { CrosshostError } from "../../errors";
import type { Task } from "../../lifecycle";
import { ensureContainer } from "../shared/ownedContainer";
import { endpointConfig, leaveGoneNetworks, reconcileEndpoints } from "./endpoints";
import type { ContainerInputs, ContainerState } from "./inputs";
import { changeablePayload, fixedPayload } from "./payload";
import { clearLeftEndpoint, hasNeverRun, LeftEndpoint, startContainer } from "./start";
import { toState } from "./state";

/** Makes the container what the inputs say, from whatever state it is in. */
export async function bringAbout(inputs: ContainerInputs, task: Task): Promise<ContainerState> {
  const docker = await task.run.docker(inputs.connection, task.deadline);
  return task.run.engineGate(inputs.connection).shared(async () => {
    try {
      return await reconcile(docker, inputs, task);
    } catch (error) {
      if (!(error instanceof LeftEndpoint) || !hasNeverRun(await docker.containers.inspect(inputs.name))) throw error;
      await clearLeftEndpoint(docker, error);
      return await reconcile(docker, inputs, task);
    }
  });
}

async function reconcile(docker: DockerApi, inputs: ContainerInputs, task: Task): Promise<ContainerState> {
  const found = await ensureContainer(docker, inputs.host, wantedContainer(inputs), task);
  task.touching();
  const container = await leaveGoneNetworks(docker, found);
  await reconcileEndpoints(docker, container, inputs.networksAdvanced);
  await reconcileRestart(docker, container, inputs);
  const running = await reconcileRunning(docker, container, inputs);
  // Here each network's own proof that the endpoint works has its place.
  return toState(inputs, running);
}

function wantedContainer(inputs: ContainerInputs) {
  const { owner, name, networksAdvanced } = inputs;
  const [first] = networksAdvanced;
  return {
    owner,
    name,
    config: fixedPayload(inputs),
    inPlace: {
      HostConfig: { ...changeablePayload(inputs), ...(first ? { NetworkMode: first.name } : {}) },
      NetworkingConfig: first && { EndpointsConfig: { [first.name]: endpointConfig(first) } },
    },
  };
}

async function reconcileRestart(docker: DockerApi, container: Container, { restart }: ContainerInputs): Promise<void> {
  if ((container.HostConfig.RestartPolicy?.Name || "no") === restart) return;
  await docker.containers.update(container.Id, { RestartPolicy: { Name: restart } });
}

/** Starts or stops it; a container that has to run and ends at once is an error with its last words. */
async function reconcileRunning(docker: DockerApi, container: Container, inputs: ContainerInputs): Promise<Container> {
  const { mustRun, name, host } = inputs;
  if (mustRun && !container.State.Running) await startContainer(docker, host, container);
  if (!mustRun && container.State.Running) await docker.containers.stop(container.Id);
  const now = await docker.containers.inspect(container.Id);
  if (!mustRun || now.State.Running || now.State.Restarting) return now;
  const log = (await docker.containers.logs(container.Id, { tail: 5 })).trim().replaceAll("\n", " | ");
  throw new CrosshostError(
    `host ${host}: the container "${name}" ended at once with exit code ${now.State.ExitCode}; its log ends: ${log || "(empty)"}`,
    { code: "not-ready", hint: "if that is what it is for, give `mustRun: false`" },
  );
}
