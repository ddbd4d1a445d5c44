import type { Role } from "../../kv/server";
import { openStore } from "../../kv/store";
import type { Task } from "../../lifecycle";
import { Deadline, type Look, waitFor } from "../../wait";
import { isMade, type KVStoreInputs, type Made } from "./inputs";
import { withReachAsked } from "./mutualReach";
import { roleOf, seenIn } from "./quorum";
import type { ReachedServer } from "./reached";

/** How long a store that is there already may be away. */
const FOUND_PATIENCE = 30_000;
/** How long a host may take to reach a store whose own hosts have found it ready. */
const CLIENT_PATIENCE = 10_000;

/**
 * Ready is: every server belongs to the quorum, one of them leads it, and what is written through one is read through
 * another, as seen from every server's own host. Not: the containers run. A server that somebody stops meanwhile is
 * started again.
 */
export async function waitUntilReady(inputs: Made, servers: readonly ReachedServer[], task: Task): Promise<Role[]> {
  const [first] = servers as [ReachedServer];
  const others = servers.length === 1 ? "" : `, and all of its ${servers.length} servers`;
  task.run.progress(first.host.address, `waiting for ${inputs.url} to have a leader${others}`);
  const look = async (): Promise<Look<Role[]>> => {
    const roles = await Promise.all(servers.map(roleOf));
    const missing = roles.find((role) => typeof role === "object");
    if (missing) return { seen: missing.seen };
    if (roles.filter((role) => role === "leader").length !== 1) return { seen: "its servers do not agree who leads" };
    try {
      await Promise.all(servers.map((server, i) => probe(server, servers[(i + 1) % servers.length]!)));
    } catch (error) {
      return { seen: seenIn(error) };
    }
    return { done: roles as Role[] };
  };
  return waitFor(withReachAsked(look, inputs, servers, task), {
    what: `the store ${inputs.url}`,
    deadline: task.deadline,
    interval: { first: 20, longest: 200 },
  });
}

/** Of each host that needs the store: whether it reaches every server. Hosts may be cut off that servers are not. */
export async function waitUntilReachable(inputs: KVStoreInputs, urls: readonly string[], task: Task): Promise<void> {
  const patience = isMade(inputs) ? CLIENT_PATIENCE : FOUND_PATIENCE;
  await Promise.all(
    (inputs.clientConnections ?? []).map(async (connection) => {
      const host = await task.run.host(connection, task.deadline);
      for (const url of urls) {
        const store = openStore(url, host, inputs);
        await waitFor<true>(
          async () => {
            try {
              if ((await store.leader()) === undefined) return { seen: "it answers, but no leader is elected" };
              await store.probe();
              return { done: true };
            } catch (error) {
              return { seen: seenIn(error) };
            }
          },
          {
            what: `the store ${url} as seen from host ${host.address}`,
            deadline: new Deadline(Math.min(patience, task.deadline.remaining()), task.deadline.clock),
            hint: "a firewall between them?",
          },
        );
      }
    }),
  );
}

async function probe(writer: ReachedServer, reader: ReachedServer): Promise<void> {
  await writer.store.probe(writer === reader ? writer.store : writer.storeOf(reader));
}
