import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import { unshownEndpoints } from "../../docker/unshownEndpoints";
import { CrosshostError } from "../../errors";
import type { Task } from "../../lifecycle";
import { describeUnshown, leaveUnproven, lookAtEndpoints, proveEndpoints, type Subject } from "../../proof";
import { isOfSameStack } from "../shared/owned";
import type { ContainerInputs, ContainerState } from "./inputs";

/**
 * Counts the container as done only when it and its peers reach each other. Outside of its engine's gate: a proof needs other
 * engines, too, and whoever waits for two gates can wait for ever. Returns the container as it is afterwards, since what is
 * healed is connected anew.
 */
export async function verifyConnectivity(
  docker: DockerApi,
  inputs: ContainerInputs,
  container: Container,
  task: Task,
): Promise<Container> {
  const subject = subjectOf(inputs, container);
  const networks = networksOf(container);
  if (inputs.verifyConnectivity === "off") {
    for (const network of unshownEndpoints(container)) {
      task.run.say(`warning: ${inputs.host}: ${describeUnshown(inputs.name, network)}`);
    }
    leaveUnproven(subject, networks, task);
    return container;
  }
  if (!container.State.Running) return container;
  const dead = await proveEndpoints(subject, networks, task);
  const now = await docker.containers.inspect(container.Id);
  // One that has ended meanwhile reaches nobody; that it has ended is what there is to tell.
  if (!now.State.Running) return now;
  // What no proof has said, of whatever driver its network is.
  const unshown = unshownEndpoints(now).map((network) => `${inputs.host}: ${describeUnshown(inputs.name, network)}`);
  dead.push(...unshown.filter((line) => !dead.some((said) => said.startsWith(line))));
  if (dead.length > 0 && inputs.verifyConnectivity === "require") {
    throw new CrosshostError(asOne(dead), {
      code: "not-ready",
      hint: 'with `verifyConnectivity: "warn"` this is a warning',
    });
  }
  for (const line of dead) task.run.say(`warning: ${line}`);
  return now;
}

/** Whether it and its peers reach each other now; what does not is said. */
export async function isReachable(state: ContainerState, container: Container, task: Task): Promise<boolean> {
  const unshown = unshownEndpoints(container);
  for (const network of unshown) {
    task.run.sayOnce(`${state.host}: ${describeUnshown(state.name, network)}; \`pulumi up\` heals what can be healed`);
  }
  if (unshown.length > 0) return false;
  if (state.verifyConnectivity === "off" || !container.State.Running) return true;
  const dead = await lookAtEndpoints(subjectOf(state, container), networksOf(container), task);
  return dead.length === 0;
}

function subjectOf({ connection, host, name, owner }: ContainerInputs, container: Container): Subject {
  const { Id, Config, NetworkSettings } = container;
  const { SandboxKey: sandboxKey, Networks: endpoints } = NetworkSettings;
  const shown = { sandboxKey, labels: Config.Labels ?? {}, endpoints };
  return { host, connection, container: Id, name, shown, isOurs: (labels) => isOfSameStack(owner, labels) };
}

/** By their ids, or by name where the engine shows none. */
function networksOf(container: Container): string[] {
  const ids = Object.values(container.NetworkSettings.Networks).map(({ NetworkID }) => NetworkID);
  return [...ids.filter((id) => id !== ""), ...unshownEndpoints(container)];
}

/** The first, and how many more there are: one cause shows in many places. */
function asOne(dead: readonly string[]): string {
  const [first, ...others] = dead;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return `host ${first}${more}`;
}
