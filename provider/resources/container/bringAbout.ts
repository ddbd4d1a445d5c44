import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import { isSince } from "../../docker/version";
import { CrosshostError } from "../../errors";
import type { Task } from "../../lifecycle";
import type { Host } from "../../ssh/host";
import { ensureContainer, type WantedContainer } from "../shared/ownedContainer";
import { endpointConfig, homeAttachment } from "./attachments";
import { MAC_PER_ENDPOINT } from "./diff";
import { leaveGoneNetworks, reconcileEndpoints } from "./endpoints";
import type { ContainerInputs, ContainerState } from "./inputs";
import { requireNeeds } from "./needs";
import { changeablePayload, fixedPayload } from "./payload";
import { clearLeftEndpoint, hasNeverRun, LeftEndpoint, startContainer } from "./start";
import { toState } from "./state";

/** The host a container is made on, and what its engine speaks. */
interface Place {
  host: Host;
  docker: DockerApi;
  apiVersion: string;
}

/** Makes the container what the inputs say, from whatever state it is in. */
export async function bringAbout(inputs: ContainerInputs, task: Task): Promise<ContainerState> {
  const { connection } = inputs;
  const host = await task.run.host(connection, task.deadline);
  const docker = await task.run.docker(connection, task.deadline);
  return task.run.engineGate(connection).shared(async () => {
    const place = { host, docker, apiVersion: await docker.engine.apiVersion() };
    requireNeeds(inputs, place.apiVersion);
    try {
      return await reconcile(place, inputs, task);
    } catch (error) {
      if (!(error instanceof LeftEndpoint) || !hasNeverRun(await docker.containers.inspect(inputs.name))) throw error;
      await clearLeftEndpoint(docker, error);
      return await reconcile(place, inputs, task);
    }
  });
}

async function reconcile(place: Place, inputs: ContainerInputs, task: Task): Promise<ContainerState> {
  const { docker, host, apiVersion } = place;
  const found = await ensureContainer(docker, inputs.host, wantedContainer(inputs, apiVersion), task);
  task.touching();
  const container = await leaveGoneNetworks(docker, found);
  await reconcileEndpoints(docker, container, inputs);
  await reconcileRestart(docker, container, inputs);
  const running = await reconcileRunning(docker, container, inputs);
  // Here each network's own proof that the endpoint works has its place.
  return toState(inputs, running, host, apiVersion);
}

function wantedContainer(inputs: ContainerInputs, apiVersion: string): WantedContainer {
  const { owner, name } = inputs;
  const home = homeAttachment(inputs);
  const mac = isSince(apiVersion, MAC_PER_ENDPOINT) ? undefined : home?.macAddress;
  return {
    owner,
    name,
    config: { ...fixedPayload(inputs), ...(mac === undefined ? {} : { MacAddress: mac }) },
    inPlace: {
      HostConfig: { ...changeablePayload(inputs), ...(home ? { NetworkMode: home.name } : {}) },
      NetworkingConfig: home && { EndpointsConfig: { [home.name]: endpointConfig(home) } },
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
