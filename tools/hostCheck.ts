import type { Lab } from "../lab";
import { type HostSnapshot, snapshot } from "../lab/snapshot";

/** What is not as it was: one line a difference, "host1 etc: + /etc/docker/extra f 644 0:0". */
export async function differences(lab: Lab, original: readonly HostSnapshot[]): Promise<string[]> {
  const now = await Promise.all(lab.hosts.map(snapshot));
  return lab.hosts.flatMap(({ name }, i) => compare(name, original[i]!, now[i]!));
}

/** What of one host is not as it was. */
export function compare(host: string, before: HostSnapshot, after: HostSnapshot): string[] {
  const things = Object.keys(after) as (keyof HostSnapshot)[];
  return things.flatMap((thing) => {
    const [old, now] = [before[thing].split("\n"), after[thing].split("\n")];
    const gone = old.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
    const come = now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`);
    return [...gone, ...come].map((line) => `${host} ${thing}: ${line}`);
  });
}

/** Shows, host by host and thing by thing, whether it is as it was. Returns whether all of it is. */
export async function showHostCheck(lab: Lab, original: readonly HostSnapshot[]): Promise<boolean> {
  const different = await differences(lab, original);
  for (const [i, { name }] of lab.hosts.entries()) {
    const own = different.filter((line) => line.startsWith(`${name} `));
    const entries = original[i]!.etc.split("\n").filter((line) => line.startsWith("/etc")).length;
    if (own.length === 0) {
      console.log(
        `  ${name}: ${entries} files and folders below /etc (existence, content, mode, owner), docker.service's ` +
          "ExecStart, containers, networks and volumes: all as before",
      );
    } else {
      console.log(own.map((line) => `  ${line}`).join("\n"));
    }
  }
  return different.length === 0;
}
