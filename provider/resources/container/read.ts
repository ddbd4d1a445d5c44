import type { Container } from "../../docker/containerTypes";
import { unlessNotFound } from "../../docker/errors";
import type { Task } from "../../lifecycle";
import { isOwnedBy } from "../shared/owned";
import { reachOrSkip } from "../shared/reachable";
import { aliasesOf } from "./endpoints";
import type { ContainerInputs, ContainerState } from "./inputs";
import { toState } from "./state";

export async function read(state: ContainerState, task: Task): Promise<ContainerState | undefined> {
  const reached = await reachOrSkip(state.connection, state, task, `what is recorded of "${state.name}" is kept`);
  if (!reached) return state;
  const container = await unlessNotFound(reached.docker.containers.inspect(state.name));
  if (!container || !isOwnedBy(state.owner, container.Config.Labels)) return undefined;
  return toState({ ...state, ...inputsOf(state, container) }, container);
}

/**
 * The inputs as the container has them now. What the program left to the image or to Docker is not held against it; what
 * it set and cannot have changed (the engine has no call for it) is not asked.
 */
function inputsOf(state: ContainerInputs, container: Container): Partial<ContainerInputs> {
  return {
    image: container.Config.Image,
    ...(state.command ? { command: container.Config.Cmd ?? [] } : {}),
    restart: (container.HostConfig.RestartPolicy?.Name || "no") as ContainerInputs["restart"],
    mustRun: container.State.Running || container.State.Restarting,
    networksAdvanced: attachmentsOf(state, container),
  };
}

/** In the program's order, then those it does not know. */
function attachmentsOf({ networksAdvanced }: ContainerInputs, container: Container) {
  const there = container.NetworkSettings.Networks;
  const known = networksAdvanced.filter(({ name }) => there[name]);
  const unknown = Object.keys(there).filter((name) => !networksAdvanced.some((attachment) => attachment.name === name));
  const onDefaultOnly = networksAdvanced.length === 0 && unknown.join() === "bridge";
  return [
    ...known.map(({ name, ipv4Address }) => ({
      name,
      aliases: aliasesOf(container, there[name]!),
      ...(ipv4Address === undefined ? {} : { ipv4Address: there[name]!.IPAMConfig?.IPv4Address ?? "" }),
    })),
    ...(onDefaultOnly ? [] : unknown.map((name) => ({ name, aliases: aliasesOf(container, there[name]!) }))),
  ];
}
