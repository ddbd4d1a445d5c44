import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lab } from "../lab";
import { withLock } from "../lab/lock";
import { cacheDir } from "../lab/paths";
import { describeError } from "../provider/errors";
import { CONTAINERS_PROGRAM } from "../tools/containersProgram";
import { configureTwoHosts, makeProgram, PulumiStack } from "../tools/stack";
import { showTable } from "../tools/table";
import { median } from "./pairs";

const COUNT = 50;

/** As many resources that do nothing, each with the same inputs. */
const NOTHING_PROGRAM = CONTAINERS_PROGRAM.replace(
  /for \((.|\n)*$/,
  `
const nothing: pulumi.dynamic.ResourceProvider = {
  create: async (inputs) => ({ id: "nothing", outs: inputs }),
  update: async (_id, _olds, news) => ({ outs: news }),
};
class Nothing extends pulumi.dynamic.Resource {}
for (const { name, host, ...args } of wanted) {
  new Nothing(nothing, name, { connection: pulumi.secret(connections[host]), ...args });
}
`,
);

interface Contender {
  stack: PulumiStack;
  want(containers: object[]): Promise<void>;
}

async function contender(lab: Lab, folder: string, name: string, text: string): Promise<Contender> {
  const program = await makeProgram(join(folder, name), text);
  const stack = await PulumiStack.open({ program, state: join(folder, `${name}-state`) });
  await configureTwoHosts(stack, lab);
  const want = (containers: object[]) => writeFile(join(program, "containers.json"), JSON.stringify(containers));
  return { stack, want };
}

/** Seconds that as many `docker run` in parallel take, half of them on each host. */
async function byHand(lab: Lab): Promise<number> {
  const script =
    'for i in $(seq "$1"); do docker run -d --name "hand$i" busybox:1.35 sleep 100000 > /dev/null & done; wait';
  const start = performance.now();
  await Promise.all(lab.hosts.map((host) => host.ssh(["sh", "-c", script, "sh", String(COUNT / 2)])));
  const seconds = (performance.now() - start) / 1000;
  await Promise.all(lab.hosts.map((host) => host.ssh(["sh", "-c", "docker rm -f $(docker ps -aq) > /dev/null"])));
  return seconds;
}

async function measure(lab: Lab, folder: string, rounds: number): Promise<number> {
  const ours = await contender(lab, folder, "ours", CONTAINERS_PROGRAM);
  const baseline = await contender(lab, folder, "baseline", NOTHING_PROGRAM);
  const common = { image: "busybox:1.35", command: ["sleep", "100000"] };
  const many = Array.from({ length: COUNT }, (_, i) => ({ ...common, name: `web${i}`, host: i % 2 }));
  const hand: number[] = [];
  const ups: number[] = [];
  const empty: number[] = [];
  // The first round is not counted: it reads everything from disk.
  for (let round = 0; round <= rounds; round++) {
    await ours.want(many);
    await baseline.want(many);
    const seconds = [await byHand(lab), (await ours.stack.up()).seconds, (await baseline.stack.up()).seconds] as const;
    await ours.stack.destroy();
    await baseline.stack.destroy();
    if (round === 0) continue;
    for (const [i, list] of [hand, ups, empty].entries()) list.push(seconds[i]!);
  }
  for (const host of lab.hosts) await host.ssh(["docker", "network", "create", "--subnet", "10.91.0.0/24", "extra"]);
  const added: number[] = [];
  const one = (networks: object[]) => [{ ...common, name: "web", host: 0, networksAdvanced: networks }];
  for (const contender of [ours, baseline]) {
    await contender.want(one([]));
    await contender.stack.up();
  }
  for (let round = 0; round < rounds; round++) {
    for (const networks of [[{ name: "bridge" }, { name: "extra" }], []]) {
      await ours.want(one(networks));
      await baseline.want(one(networks));
      const beyond = (await ours.stack.up()).seconds - (await baseline.stack.up()).seconds;
      if (networks.length > 0) added.push(beyond);
    }
  }
  const ratios = ups.map((up, i) => up / (hand[i]! + empty[i]!));
  const figures = [
    { what: "up ÷ (by hand + nothing)", values: ratios, limit: 1.3, unit: "" },
    { what: "one network more, beyond nothing", values: added, limit: 0.5, unit: " s" },
  ];
  const show = (values: number[], unit: string) => [`${median(values).toFixed(2)}${unit}`, listed(values)] as const;
  showTable(`${COUNT} containers on two hosts, image local; and one network more`, [
    ["what", "median", "limit", "", "runs"],
    ["docker run by hand, in parallel", show(hand, " s")[0], "", "", listed(hand)],
    ["as many resources that do nothing", show(empty, " s")[0], "", "", listed(empty)],
    ["up", show(ups, " s")[0], "", "", listed(ups)],
    ...figures.map(({ what, values, limit, unit }) => {
      const [middle, runs] = show(values, unit);
      return [what, middle, `${limit}${unit}`, isHeld(values, limit) ? "held" : "NOT HELD", runs];
    }),
  ]);
  return figures.every(({ values, limit }) => isHeld(values, limit)) ? 0 : 1;
}

const listed = (values: number[]) => values.map((value) => value.toFixed(2)).join(", ");
const isHeld = (values: number[], limit: number) => median(values) <= limit;

const usage = `Measures fifty containers, and one network more, against docker run by hand and resources that do nothing.

  npm run bench:containers [-- N]   N rounds (3)`;

async function main(): Promise<number> {
  const rounds = Number(process.argv[2] ?? "3");
  if (!Number.isInteger(rounds) || rounds < 1) {
    console.log(usage);
    return 2;
  }
  const folder = await mkdtemp(join(tmpdir(), "crosshost-bench-"));
  // Two at once would measure each other.
  return await withLock(cacheDir("bench.lock"), async () => {
    const lab = await Lab.start({ hosts: 2, name: "bench-containers" });
    try {
      return await measure(lab, folder, rounds);
    } finally {
      await lab.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(describeError(error));
    process.exitCode = 1;
  },
);
