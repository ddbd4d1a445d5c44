import type { HostNames } from "./names";
import { run } from "./run";

const TABLE = "inet crosshost_lab";

/** Lets these nftables statements hold in a host's network namespace, for its packets in and out; none clears it. */
export async function setFirewall({ machine }: HostNames, statements: readonly string[]): Promise<void> {
  const chain = (hook: string) =>
    [`chain ${hook} {`, `type filter hook ${hook} priority -10`, ...statements, "}"].join("\n");
  const text = [
    // Added first, so that there is one to delete.
    `table ${TABLE} {}`,
    `delete table ${TABLE}`,
    ...(statements.length === 0 ? [] : [`table ${TABLE} {`, chain("input"), chain("output"), "}"]),
  ];
  await run("ip", ["netns", "exec", machine, "nft", "-f", "-"], { input: `${text.join("\n")}\n` });
}
