import type { Lab } from "../../lab";
import type { WantedContainer } from "../containersProgram";

/** Containers all over a lab, each with a file that has its number. */
export function numbered(lab: Lab, count: number): WantedContainer[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ name: `web${i + 1}`, host: i % lab.hosts.length, image: "busybox:1.35", command: ["sleep", "100000"] },
    uploads: [{ file: "/etc/number", content: String(i + 1) }],
  }));
}

/** What is not as it has to be on a lab's hosts, where just these are to be, once each, running and whole. */
export async function faultsOnHosts(lab: Lab, wanted: readonly WantedContainer[]): Promise<string[]> {
  const there = await containersOn(lab);
  const text = (list: readonly { host: number; name: string }[]) =>
    list.map(({ host, name }) => `${host}/${name}`).sort();
  const [found, expected] = [text(there), text(wanted)];
  const faults = [
    ...expected.filter((one) => !found.includes(one)).map((one) => `${one} is missing`),
    ...found.filter((one, i) => found.indexOf(one) !== i || !expected.includes(one)).map((one) => `${one} is too much`),
    ...there.filter(({ state }) => state !== "running").map(({ name, state }) => `${name} is ${state}`),
  ];
  for (const [i, host] of lab.hosts.entries()) {
    const names = wanted.filter((one) => one.host === i).map(({ name }) => name);
    const script = 'for name; do echo "$name $(docker exec "$name" cat /etc/number)"; done';
    const { stdout } = await host.ssh(["sh", "-c", script, "sh", ...names]);
    const wrong = stdout.split("\n").filter((line) => line !== "" && !/^web(\d+) \1$/.test(line));
    faults.push(...wrong.map((line) => `its file is not what was put there: ${line}`));
  }
  return faults;
}

/** Every container on a lab's hosts, running or not. */
export async function containersOn(lab: Lab): Promise<{ host: number; name: string; state: string }[]> {
  const perHost = await Promise.all(
    lab.hosts.map(async (host, i) => {
      const { stdout } = await host.ssh(["docker", "ps", "-a", "--format", "{{.Names}} {{.State}}"]);
      const lines = stdout.split("\n").filter((line) => line !== "");
      return lines.map((line) => {
        const [name = "", state = ""] = line.split(" ");
        return { host: i, name, state };
      });
    }),
  );
  return perHost.flat();
}
