import { CrosshostError } from "../provider/errors";
import { base } from "./base";
import { type Suite, suites } from "./debian";
import { down } from "./down";
import { Lab } from "./lab";
import { defaultLab } from "./names";
import { allRecords, labDir, lockLab } from "./record";
import { requirements } from "./requirements";
import { sshInteractive } from "./ssh";

export interface Options {
  hosts?: string;
  suite?: string;
  name?: string;
}

/** What the command line can do: each command gives the process's exit code. */
export const commands: Record<string, (options: Options, words: string[]) => Promise<number>> = {
  async up({ hosts = "2", suite = "bullseye", name }) {
    const start = performance.now();
    const lab = await Lab.start({ hosts: Number(hosts), suite: parseSuite(suite), name, progress: console.log });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`lab "${lab.name}" is up: ${lab.hosts.map((host) => host.address).join(", ")} (${seconds} s)`);
    return 0;
  },

  async status({ name }) {
    const names = name ? [name] : (await allRecords()).map((record) => record.name).sort();
    if (names.length === 0) console.log("no lab is up");
    for (const one of names) await printStatus(one);
    return 0;
  },

  async json({ name }) {
    const lab = await openLab(name);
    const hosts = lab.hosts.map(({ number, name, address, hostKey }) => ({ number, name, address, hostKey }));
    const { suite, registry, privateKeyPath } = lab;
    console.log(JSON.stringify({ name: lab.name, suite, registry, privateKeyPath, hosts }, null, 2));
    return 0;
  },

  async ssh({ name }, [number, ...command]) {
    const lab = await openLab(name);
    const { address } = lab.host(Number(number));
    return await sshInteractive({ dir: labDir(lab.name), address }, command);
  },

  async down({ name = defaultLab }) {
    await lockLab(name, () => down(name));
    console.log(`lab "${name}" is down`);
    return 0;
  },

  async prepare() {
    await requirements(console.log);
    for (const suite of suites) await base(suite, console.log);
    return 0;
  },
};

async function openLab(name = defaultLab): Promise<Lab> {
  const lab = await Lab.open(name);
  if (lab) return lab;
  throw new CrosshostError(`lab "${name}" is not up`, { code: "not-found", hint: "npx tsx lab/cli.ts up" });
}

async function printStatus(name: string): Promise<void> {
  const lab = await Lab.open(name);
  if (!lab) return console.log(`lab "${name}": not running`);
  console.log(`lab "${name}": ${lab.suite}, registry ${lab.registry}, key ${lab.privateKeyPath}`);
  const versions = await Promise.all(
    lab.hosts.map((host) => host.ssh(["docker", "version", "--format", "Docker {{.Server.Version}}"])),
  );
  lab.hosts.forEach(({ name, address }, i) => {
    const { stdout, stderr } = versions[i]!;
    console.log(`  ${name}  ${address}  ${stdout.trim() || stderr.trim() || "no answer"}`);
  });
}

function parseSuite(text: string): Suite {
  const suite = suites.find((one) => one === text);
  if (suite) return suite;
  throw new CrosshostError(`a host is made of ${suites.join(", ")}, got "${text}"`, { code: "unsupported" });
}
