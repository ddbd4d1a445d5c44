import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lab } from "../lab";
import { describeError } from "../provider/errors";
import { configureTwoHosts, makeProgram, PulumiStack } from "../tools/stack";
import { baseline } from "./baseline";

const IMAGES = ["busybox:1.35", "consul:1.8.7"];
const PAIRS = Number(process.argv[2] ?? 5);

/** Times the example of two hosts against the baseline, in turn, so that both have the same machine. */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "crosshost-bench-"));
  const lab = await Lab.start({ hosts: 2, name: "bench", progress: console.log });
  try {
    for (const host of lab.hosts) for (const image of IMAGES) await host.ssh(["docker", "pull", "-q", image]);
    const ours = await open(folder, "ours");
    const nothing = await open(folder, "baseline", baseline);
    await configureTwoHosts(ours, lab);

    const before = await logins(lab);
    const memory = watchProvider();
    const [first, firstBaseline] = [await ours.up({ refresh: false }), await nothing.up({ refresh: false })];
    const peak = await memory();
    const during = (await logins(lab)).map((count, i) => count - before[i]! - 1);
    console.log(`first up            ${first.seconds.toFixed(1)} s, baseline ${firstBaseline.seconds.toFixed(1)} s`);
    console.log(steps(first.stdout));
    console.log(`SSH logins of it    ${during.join(" and ")}, one host each`);
    console.log(`provider process    ${peak.ours.toFixed(0)} MB at its peak`);
    console.log(`provider's text     ${await providerText(ours)} characters a resource in state`);

    await paired(
      "up, nothing to do  ",
      () => ours.up({ refresh: false }),
      () => nothing.up({ refresh: false }),
    );
    await paired(
      "up --refresh       ",
      () => ours.up({ refresh: true }),
      () => nothing.up({ refresh: true }),
    );
    await paired(
      "preview            ",
      () => ours.preview(),
      () => nothing.preview(),
    );
    await ours.destroy();
  } finally {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function open(folder: string, name: string, index?: string): Promise<PulumiStack> {
  const program = await makeProgram(join(folder, name), index);
  return PulumiStack.open({ program, state: join(folder, `${name}-state`), progress: console.log });
}

async function paired(
  what: string,
  ours: () => Promise<{ seconds: number }>,
  other: () => Promise<{ seconds: number }>,
): Promise<void> {
  const [a, b, ratios]: number[][] = [[], [], []];
  for (let i = 0; i < PAIRS; i++) {
    a!.push((await ours()).seconds);
    b!.push((await other()).seconds);
    ratios!.push(a!.at(-1)! / b!.at(-1)!);
  }
  const spread = `${Math.min(...ratios!).toFixed(2)}–${Math.max(...ratios!).toFixed(2)}`;
  console.log(
    `${what} ${median(a!).toFixed(2)} s, baseline ${median(b!).toFixed(2)} s, ratio ${median(ratios!).toFixed(2)} (${spread}, ${PAIRS} pairs)`,
  );
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}

/** What the engine says each resource took. */
function steps(stdout: string): string {
  const lines = [...stdout.matchAll(/crosshost:(\w+ \S+) created \((.*?)\)/g)];
  return lines.map(([, resource, took]) => `  ${resource!.padEnd(24)} ${took}`).join("\n");
}

/** Logins each host's sshd has in its journal; asking is one more. */
async function logins(lab: Lab): Promise<number[]> {
  return Promise.all(
    lab.hosts.map(async (host) => {
      const { stdout } = await host.ssh(["journalctl", "-b", "-u", "ssh", "-o", "cat", "--no-pager"]);
      return stdout.split("\n").filter((line) => line.startsWith("Accepted ")).length;
    }),
  );
}

async function providerText(stack: PulumiStack): Promise<number> {
  const { deployment } = JSON.parse(await stack.exportState()) as {
    deployment: { resources: { inputs?: { __provider?: string } }[] };
  };
  return Math.max(...deployment.resources.map(({ inputs }) => inputs?.__provider?.length ?? 0));
}

/** Looks at the dynamic-provider processes of this machine until told to stop; says the largest peak in MB. */
function watchProvider(): () => Promise<{ ours: number }> {
  let peak = 0;
  const look = async () => {
    for (const pid of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
      // A process may end while it is looked at.
      const read = (file: string) => readFile(join("/proc", pid, file), "utf8").catch(() => "");
      if (!(await read("cmdline")).includes("dynamic-provider")) continue;
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(await read("status"))?.[1] ?? 0) / 1024);
    }
  };
  const timer = setInterval(() => void look(), 200);
  return async () => {
    clearInterval(timer);
    return { ours: peak };
  };
}

main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
