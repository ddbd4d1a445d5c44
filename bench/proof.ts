import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Lab } from "../lab";
import { cacheDir } from "../lab/paths";
import { describeError } from "../provider/errors";
import { overlayProgram } from "../tools/overlayProgram";
import { configureTwoHosts, makeProgram, PulumiStack } from "../tools/stack";
import { showTable } from "../tools/table";

const usage = `What the proof that packets flow adds to an \`up\` that makes the containers, in pairs with the same \`up\` without it.

  npm run bench:proof -- [--hosts 2] [--containers 1] [--pairs 5]      containers on each host`;

const NAME = "bench-proof";

/** Seconds of the `up` that makes the containers, with and without the proof. */
interface Pair {
  require: number;
  off: number;
}

async function main(): Promise<void> {
  const options = { hosts: { type: "string" }, containers: { type: "string" }, pairs: { type: "string" } } as const;
  const { hosts = "2", containers = "1", pairs: count = "5" } = parseArgs({ options }).values;
  const dir = cacheDir(NAME);
  await rm(dir, { recursive: true, force: true });
  const lab = await Lab.start({ hosts: Number(hosts), name: NAME });
  try {
    const container = 'verifyConnectivity: config.get("verify") as "off",';
    const program = await makeProgram(join(dir, "program"), overlayProgram({ container }));
    const stack = await PulumiStack.open({ program, state: join(dir, "state"), name: "bench" });
    await configureTwoHosts(stack, lab);
    const timed = async (verify: keyof Pair) => {
      await stack.config("verify", verify);
      await stack.config("perHost", containers);
      const { seconds } = await stack.up();
      await stack.config("perHost", "0");
      await stack.up();
      return seconds;
    };
    // What is done once, the cluster and the pull of the image, counts for neither.
    await timed("off");
    const pairs: Pair[] = [];
    for (let i = 0; i < Number(count); i++) {
      const first = i % 2 === 0 ? "off" : "require";
      const one = { off: 0, require: 0 };
      for (const verify of first === "off" ? (["off", "require"] as const) : (["require", "off"] as const)) {
        one[verify] = await timed(verify);
      }
      pairs.push(one);
      console.log(`pair ${i + 1} of ${count}: ${show(one.off)} without, ${show(one.require)} with`);
    }
    const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
    showTable(`${hosts} hosts, ${containers} containers on each`, [
      ["pairs", "without, median", "with, median", "added, median", "added, least", "added, most"],
      [
        ...[count, show(middle(pairs.map(({ off }) => off))), show(middle(pairs.map(({ require }) => require)))],
        ...[show(middle(pairs.map(added))), show(Math.min(...pairs.map(added))), show(Math.max(...pairs.map(added)))],
      ],
    ]);
  } finally {
    await lab.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

const added = ({ require, off }: Pair) => require - off;
const show = (seconds: number) => `${seconds.toFixed(2)} s`;

main().catch((error) => {
  console.error(`${describeError(error)}\n\n${usage}`);
  process.exitCode = 1;
});
