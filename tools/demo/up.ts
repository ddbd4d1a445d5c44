import { Lab } from "../../lab";
import { configureTwoHosts, type Step } from "../stack";
import { reportPackets } from "./packets";
import { report } from "./report";
import { openStack } from "./stack";
import { remember } from "./state";

/** Brings lab and stack up and shows them. Returns the exit code. */
export async function up(name: string): Promise<number> {
  console.log("The lab: two Docker hosts on this machine");
  const lab = await Lab.start({ hosts: 2, name, progress: (line) => console.log(`  ${line}`) });
  await remember(lab);
  const stack = await openStack(name);
  await configureTwoHosts(stack, lab);
  console.log("\n$ pulumi up");
  // The program's outputs are shown below, with more.
  const { exitCode, steps } = await stack.up({ mustSucceed: false, args: ["--suppress-outputs"] });
  if (exitCode !== 0) return exitCode;
  console.log(`Resources\n${steps.map(describeStep).join("\n")}`);
  await report(lab);
  const isWhole = await reportPackets(lab);
  console.log(isWhole ? "\nEvery packet arrived." : "\nPACKETS WERE LOST.");
  console.log("Again: npm run demo (nothing changes). Take it all down: npm run demo -- --destroy");
  return isWhole ? 0 : 1;
}

const words: Record<string, string> = { same: "unchanged", create: "created", update: "updated", delete: "deleted" };

function describeStep({ type, name, op }: Step): string {
  return `  ${type} ${name}: ${words[op] ?? op}`;
}
