import { unlessNotFound } from "../../docker/errors";
import { hostAddresses } from "../../engine/addresses";
import { listeners } from "../../engine/listeners";
import { CrosshostError } from "../../errors";
import type { Task } from "../../lifecycle";
import { ensureImage } from "../shared/image";
import { requireOwned } from "../shared/owned";
import type { Made } from "./inputs";
import { kinds } from "./kinds";
import { portOf } from "./ports";
import type { ReachedServer } from "./reached";

/** Looks at a server's host and refuses what cannot work, with nothing touched yet; pulls the image. */
export async function preflight(inputs: Made, reached: ReachedServer, task: Task): Promise<void> {
  const { host, docker } = reached;
  const named = await unlessNotFound(docker.containers.inspect(inputs.name));
  if (named) requireOwned(host.address, `the container "${inputs.name}"`, inputs.owner, named.Config.Labels);
  await requireAddress(reached);
  if (!named?.State.Running) {
    await requirePorts(inputs, reached);
    await requireMemory(inputs, reached);
  }
  await ensureImage(docker, host.address, inputs.image, task);
}

/** The URL every engine gets was made of this address before anything could be asked; now it can. */
async function requireAddress({ host, server }: ReachedServer): Promise<void> {
  const { address, bindInterface } = server;
  const addresses = await hostAddresses(host);
  const there = addresses.filter((entry) => bindInterface === undefined || entry.interface === bindInterface);
  if (there.some((entry) => entry.address === address)) return;
  const what = bindInterface === undefined ? "it has" : `its interface ${bindInterface} has`;
  const found = there.map((entry) => entry.address).join(", ") || "no IPv4 address";
  throw new CrosshostError(
    `host ${host.address}: a server of the store is to listen on ${address}, but ${what} ${found}`,
    { code: "unsupported", hint: "give the server's `address` as the one that engines reach it at" },
  );
}

/** A server whose port is taken would be started again and again, with the reason in its log alone. */
async function requirePorts(inputs: Made, { host, server }: ReachedServer): Promise<void> {
  const { peerPorts, otherPorts = [] } = kinds[inputs.kind];
  const wanted = [portOf(inputs), ...peerPorts, ...otherPorts];
  const inTheWay = (await listeners(host)).find(
    ({ address, port }) => wanted.includes(port) && (address === server.address || address === "0.0.0.0"),
  );
  if (!inTheWay) return;
  const { address, port } = inTheWay;
  throw new CrosshostError(
    `host ${host.address}: the port ${port} of ${server.address} is taken: something listens on ${address}:${port}`,
    { code: "conflict", hint: `\`ss -ltnp sport = :${port}\` on that host shows what; a store's own port is \`port\`` },
  );
}

async function requireMemory(inputs: Made, { host }: ReachedServer): Promise<void> {
  const { memory, title } = kinds[inputs.kind];
  if (memory === undefined) return;
  const { stdout } = await host.run(["cat", "/proc/meminfo"]);
  const available = Number(/^MemAvailable:\s+(\d+) kB$/m.exec(stdout)?.[1] ?? Number.NaN) / 1024;
  if (!(available < memory)) return;
  throw new CrosshostError(
    `host ${host.address}: ${Math.floor(available)} MB of memory are free, and ${title} needs about ${memory} MB for its Java`,
    { code: "unsupported", hint: "give the server another host, or free some" },
  );
}
