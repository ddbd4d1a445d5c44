import { type DynamicProvider, toDynamicProvider } from "./adapter";
import { DockerClient } from "./docker/client";
import type { CommonInputs, Lifecycle } from "./lifecycle";
import { clusterMember } from "./resources/clusterMember";
import * as clusterMemberInputs from "./resources/clusterMember/inputs";
import { container } from "./resources/container";
import * as containerInputs from "./resources/container/inputs";
import { kvStore } from "./resources/kvStore";
import * as kvStoreInputs from "./resources/kvStore/inputs";
import { ipvlanNetwork, macvlanNetwork } from "./resources/macvlanNetwork";
import * as macvlanNetworkInputs from "./resources/macvlanNetwork/inputs";
import { overlayNetwork } from "./resources/overlayNetwork";
import * as overlayNetworkInputs from "./resources/overlayNetwork/inputs";
import { isOnlyRecorded, type OptionTable, recordedKeys } from "./resources/shared/options";
import { RunContext } from "./run/context";
import { ConnectionPool } from "./ssh/pool";
import { StatusLine } from "./statusLine";

/** Shown at the stack while the run goes on: what goes to standard output here is an info line of the engine. */
const say = (line: string) => console.log(line);

// When the engine is killed, nobody reads this process's output any more. The next line written would be an error that
// Pulumi's own handler reports by writing another line, for ever; there is nothing left to do but to end.
for (const output of [process.stdout, process.stderr]) output.on("error", () => process.exit(1));

/** What is shown at the stack until the next line comes. */
const status = new StatusLine(process.argv.slice(2));

/** What all resources of this process share. */
const pool = new ConnectionPool({ log: say });
const run = new RunContext({
  host: (connection, deadline) => pool.host(connection, deadline),
  docker: (host, { dockerSocketPath }, deadline) => DockerClient.of(host, dockerSocketPath).within(deadline),
  say,
  show: (line) => status.show(line),
});

const kinds: Record<string, DynamicProvider> = {
  KVStore: kind("KVStore", kvStore, kvStoreInputs.options),
  ClusterMember: kind("ClusterMember", clusterMember, clusterMemberInputs.options),
  OverlayNetwork: kind("OverlayNetwork", overlayNetwork, overlayNetworkInputs.options),
  MacvlanNetwork: kind("MacvlanNetwork", macvlanNetwork, macvlanNetworkInputs.options),
  IpvlanNetwork: kind("IpvlanNetwork", ipvlanNetwork, macvlanNetworkInputs.options),
  Container: kind("Container", container, containerInputs.options),
};

function kind<Inputs extends CommonInputs, State extends Inputs>(
  name: string,
  lifecycle: Lifecycle<Inputs, State>,
  options: OptionTable<Inputs>,
): DynamicProvider {
  return toDynamicProvider(
    {
      name,
      lifecycle,
      inputKeys: Object.keys(options) as (keyof Inputs & string)[],
      recordedKeys: recordedKeys(options),
      isOnlyRecorded: (olds, news) => isOnlyRecorded(options, olds, news),
    },
    run,
  );
}

/**
 * What Pulumi's dynamic-provider process calls for one kind of resource. State that was written by any earlier version
 * names this function and this module, so neither ever moves.
 */
export function lifecycleOf(name: string): DynamicProvider {
  const found = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (!found) throw new Error(`pulumi-crosshost has no resource of the kind ${name}`);
  return found;
}
