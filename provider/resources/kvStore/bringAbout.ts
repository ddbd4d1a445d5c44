import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import { hostAddresses } from "../../engine/addresses";
import { CrosshostError, isCode } from "../../errors";
import { openStore } from "../../kv/store";
import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import type { Host } from "../../ssh/host";
import { waitFor } from "../../wait";
import { connectionTo } from "../shared/hosts";
import { ownershipLabels, requireOwned } from "../shared/owned";
import { ensureContainer } from "../shared/ownedContainer";
import type { KVStoreInputs, KVStoreState, Server, ServerState } from "./inputs";
import { serverContainer } from "./server";

/** Makes the store what the inputs say, from whatever state it is in, on the data that is there. */
export async function bringAbout(inputs: KVStoreInputs, task: Task): Promise<KVStoreState> {
  const serverStates = await settleAll(inputs.servers.map((server) => bringAboutServer(inputs, server, task)));
  return { ...inputs, serverStates };
}

async function bringAboutServer(inputs: KVStoreInputs, server: Server, task: Task): Promise<ServerState> {
  const { run, deadline } = task;
  const connection = connectionTo(server.host, inputs.connections);
  const host = await run.host(connection, deadline);
  const docker = await run.docker(connection, deadline);
  await requireAddress(host, server);
  return run.engineGate(connection).shared(async () => {
    await ensureVolume(docker, host, inputs, task);
    const { container } = await ensureContainer(
      docker,
      host.address,
      { owner: inputs.owner, name: inputs.name, config: serverContainer(inputs, server) },
      task,
    );
    if (!container.State.Running) await docker.containers.start(container.Id);
    await waitUntilReady(inputs, host, docker, container.Id, task);
    return { address: server.address, role: "leader", containerId: container.Id };
  });
}

/** The URL every engine gets was made of this address before anything could be asked; now it can. */
async function requireAddress(host: Host, { address, bindInterface }: Server): Promise<void> {
  const addresses = await hostAddresses(host);
  const there = addresses.filter((entry) => bindInterface === undefined || entry.interface === bindInterface);
  if (there.some((entry) => entry.address === address)) return;
  const what = bindInterface === undefined ? "it has" : `its interface ${bindInterface} has`;
  const found = there.map((entry) => entry.address).join(", ") || "no IPv4 address";
  throw new CrosshostError(
    `host ${host.address}: a server of the store is to listen on ${address}, but ${what} ${found}`,
    {
      code: "unsupported",
      hint: "give `servers[0].address` as the address that engines reach it at",
    },
  );
}

async function ensureVolume(docker: DockerApi, host: Host, inputs: KVStoreInputs, task: Task): Promise<void> {
  const { dataVolume: name, owner } = inputs;
  const existing = await unlessNotFound(docker.volumes.inspect(name));
  if (existing) requireOwned(host.address, `the volume "${name}"`, owner, existing.Labels);
  task.touching();
  if (existing) return;
  await docker.volumes.create({ Name: name, Labels: ownershipLabels({ owner, spec: name }) });
}

/** Ready is: a leader is known, and a key that is written can be read. Not: the container runs. */
async function waitUntilReady(inputs: KVStoreInputs, host: Host, docker: DockerApi, id: string, task: Task) {
  const store = openStore(inputs.url, host);
  task.run.progress(host.address, `waiting for ${inputs.url} to have a leader`);
  await waitFor<true>(
    async () => {
      try {
        if ((await store.leader()) === undefined) return { seen: "it answers, but no leader is elected" };
        await store.probe();
        return { done: true };
      } catch (error) {
        if (!isCode(error, "not-ready")) throw error;
        return { seen: await describeServer(docker, id, error as Error) };
      }
    },
    { what: `the store ${inputs.url}`, deadline: task.deadline, interval: { first: 20, longest: 200 } },
  );
}

/** A server that keeps falling over says why in its log, and only there. */
async function describeServer(docker: DockerApi, id: string, error: Error): Promise<string> {
  const { State, RestartCount } = await docker.containers.inspect(id);
  if (State.Running && RestartCount === 0) return error.message;
  const log = await docker.containers.logs(id, { tail: 5 });
  return `its container is ${State.Status} after ${RestartCount} restart(s), its log ends: ${log.trim().replaceAll("\n", " | ")}`;
}
