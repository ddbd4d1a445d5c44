import { listeners } from "../../engine/listeners";
import { CrosshostError } from "../../errors";
import { dial } from "../../kv/dial";
import type { Task } from "../../lifecycle";
import { settleAll } from "../../settleAll";
import type { Look } from "../../wait";
import type { Made } from "./inputs";
import { kinds } from "./kinds";
import { portOf } from "./ports";
import type { ReachedServer } from "./reached";

/** How long servers may take to be a quorum before it is asked whether they reach each other. */
const PATIENCE = 5_000;

/** Looks as `look` does, and again and again asks, too, whether anything stands between the servers: no wait mends that. */
export function withReachAsked<T>(
  look: () => Promise<Look<T>>,
  inputs: Made,
  servers: readonly ReachedServer[],
  { deadline }: Task,
): () => Promise<Look<T>> {
  let last = deadline.remaining();
  return async () => {
    const result = await look();
    if ("done" in result || last - deadline.remaining() < PATIENCE) return result;
    await requireReach(inputs, servers, servers);
    last = deadline.remaining();
    return result;
  };
}

/** Fails, naming both hosts, where one of `froms` does not reach a port on which the server of another of `tos` listens. */
export async function requireReach(
  inputs: Made,
  froms: readonly ReachedServer[],
  tos: readonly ReachedServer[],
): Promise<void> {
  const ports = [portOf(inputs), ...kinds[inputs.kind].peerPorts];
  await settleAll(
    tos.map(async (to) => {
      const listening = (await listeners(to.host)).filter(({ address }) => address === to.server.address);
      for (const port of ports.filter((wanted) => listening.some((listener) => listener.port === wanted))) {
        await settleAll(froms.filter((from) => from !== to).map((from) => requirePort(from, to, port)));
      }
    }),
  );
}

async function requirePort({ host }: ReachedServer, { server }: ReachedServer, port: number): Promise<void> {
  try {
    (await dial({ host, server: server.address, port })).destroy();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CrosshostError(
      `host ${host.address}: the server of the store at ${server.address} listens on port ${port}, and cannot be reached there: ${reason}`,
      { code: "not-ready", hint: "is there a firewall between the two hosts?", cause: error },
    );
  }
}
