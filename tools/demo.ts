import { parseArgs } from "node:util";
import { defaultLab } from "../lab/names";
import { describeError } from "../provider/errors";
import { destroy } from "./demo/destroy";
import { up } from "./demo/up";

const usage = `Two Docker hosts on this machine, and networks across them by \`pulumi up\`.

  npm run demo                    lab up, pulumi up, and what stands then
  npm run demo -- --destroy       pulumi destroy, lab down, and the check that nothing is left

  --lab NAME   another lab than the usual one, which is called "lab"`;

const options = { destroy: { type: "boolean" }, lab: { type: "string" }, help: { type: "boolean" } } as const;

async function main(): Promise<number> {
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const { lab = defaultLab } = values;
  return values.destroy ? await destroy(lab) : await up(lab);
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
