import type { Task } from "../../lifecycle";
import { removeContainer } from "../shared/ownedContainer";
import type { ContainerState } from "./inputs";

export async function remove(state: ContainerState, { run, deadline }: Task): Promise<void> {
  const docker = await run.docker(state.connection, deadline);
  await run.engineGate(state.connection).shared(() => removeContainer(docker, state.name, state.owner));
}
