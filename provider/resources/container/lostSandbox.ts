import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import { LOST_SANDBOX } from "../../engine/bootRepair";
import { restartEngine } from "../../engine/dropInPlace";
import { CrosshostError, isCode } from "../../errors";
import type { Task } from "../../lifecycle";
import type { RunContext } from "../../run/context";
import type { Host } from "../../ssh/host";
import { waitFor } from "../../wait";
import { startAgain } from "../shared/startAgain";
import type { ContainerInputs } from "./inputs";

/** By run and host: one restart cures every container there. */
const restarts = new WeakMap<RunContext, Map<string, Promise<void>>>();

interface Lost {
  host: Host;
  docker: DockerApi;
  inputs: ContainerInputs;
  task: Task;
}

/**
 * After a power loss an engine brings no container to an overlay until it is restarted once more. A member finds that out
 * from the containers that the engine has tried to start by itself; of others nobody knows before they are started here.
 * To be called outside of the engine's gate.
 */
export async function despiteLostSandbox<T>(lost: Lost, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes(LOST_SANDBOX)) throw error;
    await restartOnce(lost, error);
    return await work();
  }
}

function restartOnce(lost: Lost, why: Error): Promise<void> {
  const { inputs, task } = lost;
  const ofRun = restarts.get(task.run) ?? new Map<string, Promise<void>>();
  restarts.set(task.run, ofRun);
  const known = ofRun.get(inputs.host);
  if (known) return known;
  const restarting = restart(lost, why);
  ofRun.set(inputs.host, restarting);
  return restarting;
}

async function restart({ host, docker, inputs, task }: Lost, why: Error): Promise<void> {
  const { run, deadline } = task;
  const { ClusterStore = "" } = await docker.engine.info();
  await run.engineGate(inputs.connection).exclusive(() =>
    run.storeGate(ClusterStore).exclusive(async () => {
      const running = (await docker.containers.list()).map(({ Id }) => Id);
      run.progress(
        inputs.host,
        "restarting docker, which a power loss has left unable to bring containers to their overlays",
      );
      try {
        await restartEngine(host);
      } catch (error) {
        if (!isCode(error, "no-permission")) throw error;
        const hint = `a power loss leaves an engine like this; restart docker on ${inputs.host}, since we may not`;
        throw new CrosshostError(why.message, { code: "not-ready", hint, cause: error });
      }
      // The store may have gone down and come up with the engine.
      for (const { name } of inputs.networksAdvanced) {
        await waitFor(
          async () => {
            const seen = await unlessNotFound(docker.networks.inspect(name));
            return seen ? { done: seen } : { seen: "no such network" };
          },
          { what: `host ${inputs.host} to see the network "${name}" again`, deadline },
        );
      }
      await startAgain(docker, running);
    }),
  );
}
