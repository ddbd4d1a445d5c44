import { Lab } from "../lab";
import { shimUnit, shimUnitText } from "../provider/engine/shim";
import { describeError } from "../provider/errors";
import { macvlanNetwork } from "../provider/resources/macvlanNetwork";
import type { MacvlanNetworkInputs } from "../provider/resources/macvlanNetwork/inputs";
import { shimOf } from "../provider/resources/macvlanNetwork/shims";
import { LanProgram } from "../test/integration/macvlan/program";
import { isHeld, ratio } from "./figures";
import { type Contest, measurePairs } from "./pairs";

const HOSTS = 8;
const LIMIT = 1.5;

/** What somebody would write by hand for one host: the network, and the shim with its unit. $1 network, $2 range, … */
const script = `
set -e
docker network create -d macvlan -o parent=eth0 --subnet "$1" --gateway "$2" --ip-range "$3" --aux-address "shim=$4" lan > /dev/null
[ -n "$5" ] || exit 0
cat > "/etc/systemd/system/$5"
systemctl daemon-reload
systemctl enable --now "$5" 2> /dev/null
`;

const remove = `
docker network rm lan > /dev/null
if [ -e "/etc/systemd/system/$1" ]; then
  systemctl disable --now "$1" 2> /dev/null
  rm -f "/etc/systemd/system/$1"
  systemctl daemon-reload
fi
`;

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** A LAN over eight hosts, from nothing and with connections of its own: ours, and the script on all hosts at once. */
function contest(lab: Lab, program: LanProgram, hostAccess: boolean): Contest {
  const inputs: MacvlanNetworkInputs = program.check(
    program.lan(
      lab.hosts.map(({ number }) => number),
      { hostAccess },
    ),
  );
  const [{ subnet, gateway = "" }] = inputs.ipamConfigs as [MacvlanNetworkInputs["ipamConfigs"][number]];
  const byHand = async () => {
    await Promise.all(
      lab.hosts.map(async (host) => {
        const plan = inputs.plan[host.address]!;
        const shim = shimOf(inputs, plan);
        const address = shim?.addresses[0] ?? gateway.replace(/\d+$/, "250");
        const args = [subnet, gateway, plan.ipRange, address, shim ? shimUnit("lan") : ""];
        const { exitCode, stderr } = await host.ssh(["sh", "-c", script, "sh", ...args], {
          input: shim ? shimUnitText(shim, "/sbin/ip") : "",
        });
        if (exitCode !== 0) throw new Error(`${host.name}: ${stderr}`);
      }),
    );
  };
  return {
    prepare: async () => {
      await Promise.all(lab.hosts.map((host) => host.ssh(["sh", "-c", remove, "sh", shimUnit("lan")])));
      await program.forget();
    },
    ours: async () => {
      const taken = await seconds(() => macvlanNetwork.create(inputs, program.task()));
      await macvlanNetwork.delete({ ...inputs, networkIds: {} }, program.task());
      return taken;
    },
    baseline: async () => {
      const taken = await seconds(byHand);
      await Promise.all(lab.hosts.map((host) => host.ssh(["sh", "-c", remove, "sh", shimUnit("lan")])));
      return taken;
    },
  };
}

/** `npx tsx bench/lan.ts [PAIRS]`: the baseline is a script that does the same on all hosts in parallel. */
async function main(): Promise<number> {
  const pairs = Number(process.argv[2] ?? 7);
  const lab = await Lab.start({ hosts: HOSTS, name: "bench-lan", progress: console.log });
  const program = new LanProgram(lab);
  const held: boolean[] = [];
  try {
    for (const hostAccess of [false, true]) {
      const measured = await measurePairs(pairs, contest(lab, program, hostAccess));
      const figure = ratio(`a LAN over ${HOSTS} hosts${hostAccess ? ", with shims" : ""}`, measured, LIMIT);
      console.log(`${figure.what}: ${figure.value.toFixed(2)} ${figure.unit}, limit ${LIMIT} (${figure.details})`);
      held.push(isHeld(figure));
    }
  } finally {
    await program.close();
    await lab.stop();
  }
  return held.every(Boolean) ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(describeError(error));
    process.exitCode = 1;
  },
);
