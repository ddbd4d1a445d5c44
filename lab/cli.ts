import { parseArgs } from "node:util";
import { describeError } from "../provider/errors";
import { commands } from "./commands";

const usage = `Real Docker hosts on this machine, for the demo and the tests.

  npx tsx lab/cli.ts up [--hosts N] [--suite bullseye|bookworm|trixie]   bring the lab to N hosts (2), all running
  npx tsx lab/cli.ts status                                             hosts, addresses, Docker versions
  npx tsx lab/cli.ts json                                               hosts, addresses, host keys, the private key's path
  npx tsx lab/cli.ts ssh N [COMMAND…]                                   run a command on host N, or log in
  npx tsx lab/cli.ts down                                               remove the hosts
  npx tsx lab/cli.ts prepare                                            make what is made once, for all suites, and no lab

  --name NAME   another lab beside the usual one, which is called "lab"`;

const options = { hosts: { type: "string" }, suite: { type: "string" }, name: { type: "string" } } as const;

async function main([name = "", ...rest]: string[]): Promise<number> {
  const command = commands[name];
  if (!command) {
    console.error(usage);
    return name === "" || name === "--help" ? 0 : 2;
  }
  // What follows ssh's host number is a command of the host, with options of its own.
  const number = name === "ssh" ? rest.findIndex((word) => /^\d+$/.test(word)) : -1;
  const own = number < 0 ? rest : rest.slice(0, number);
  return await command(parseArgs({ args: own, options }).values, rest.slice(own.length));
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(describeError(error));
    process.exitCode = 1;
  },
);
