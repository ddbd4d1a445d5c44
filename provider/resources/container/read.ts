import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { isOwnedBy } from "../shared/owned";
import { reachOrSkip } from "../shared/reachable";
import type { ContainerState } from "./inputs";
import type { Found } from "./options/option";
import { inputsFound } from "./readBack";
import { toState } from "./state";

export async function read(state: ContainerState, task: Task): Promise<ContainerState | undefined> {
  const reached = await reachOrSkip(state.connection, state, task, `what is recorded of "${state.name}" is kept`);
  if (!reached) return state;
  const { docker, host } = reached;
  const container = await unlessNotFound(docker.containers.inspect(state.name));
  if (!container || !isOwnedBy(state.owner, container.Config.Labels)) return undefined;
  const found = await withImage(docker, container, state);
  const apiVersion = await docker.engine.apiVersion();
  return toState({ ...state, ...inputsFound(state, found) }, container, host, apiVersion);
}

/** Only a container that took the place of ours has anything to compare with its image. */
async function withImage(docker: DockerApi, container: Container, state: ContainerState): Promise<Found> {
  if (container.Id === state.containerId) return { container, image: undefined };
  const image = await unlessNotFound(docker.images.inspect(container.Image));
  return { container, image: image && (image.Config ?? {}) };
}
