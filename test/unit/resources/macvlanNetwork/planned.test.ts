import assert from "node:assert/strict";
import {
  type Cidr,
  containsAddress,
  containsCidr,
  formatAddress,
  overlap,
  parseAddress,
  parseCidr,
} from "../../../../provider/net/ip";
import { macvlanNetwork } from "../../../../provider/resources/macvlanNetwork";
import type { HostPlan, MacvlanNetworkInputs } from "../../../../provider/resources/macvlanNetwork/inputs";
import { fakeRun } from "../../../helpers/fakeRun";
import { connectionTo } from "../../../helpers/inputs";
import { Random } from "../../../helpers/random";

/** A LAN as a program may give it: hosts that are reached by address and by name, some with blocks of the program's. */
interface RandomLan {
  subnet: Cidr;
  gateway: string;
  ipRange?: string;
  hostAccess: boolean;
  auxAddress: Record<string, string>;
  hosts: { id: string; ipRange?: string }[];
}

const lastNumber = (random: Random, subnet: Cidr) =>
  formatAddress({ family: 4, value: subnet.base + BigInt(1 + random.number(2 ** (32 - subnet.prefix) - 2)) });

function randomLan(random: Random): RandomLan {
  const subnet = parseCidr(`10.${random.number(256)}.${random.number(256)}.0/${20 + random.number(6)}`)!;
  const any = () => lastNumber(random, subnet);
  const aux = Array.from({ length: random.number(5) }, (_, i) => [`aux${i}`, any()]);
  const range = random.once(2) ? { ipRange: `${any()}/${subnet.prefix + random.number(3)}` } : {};
  return {
    ...{ subnet, gateway: any(), hostAccess: random.once(2), auxAddress: Object.fromEntries(aux), ...range },
    hosts: Array.from({ length: 1 + random.number(5) }, (_, i) => randomHost(random, subnet, `${i}`)),
  };
}

function randomHost(random: Random, subnet: Cidr, name: string): RandomLan["hosts"][number] {
  const id = random.once(2) ? lastNumber(random, subnet) : `host${name}`;
  const block = `${lastNumber(random, subnet)}/${subnet.prefix + 3 + random.number(2)}`;
  return random.once(5) ? { id, ipRange: block } : { id };
}

function check(lan: RandomLan, olds: Partial<MacvlanNetworkInputs>) {
  const { subnet, gateway, ipRange, hostAccess, auxAddress, hosts } = lan;
  const news = {
    ...{ owner: "lab/dev/lan", name: "lan", hostAccess },
    hosts: hosts.map(({ ipRange }) => ({ parent: "eth0", ...(ipRange === undefined ? {} : { ipRange }) })),
    connections: hosts.map(({ id }) => connectionTo(id)),
    ipamConfigs: [
      {
        ...{ subnet: `${formatAddress({ family: 4, value: subnet.base })}/${subnet.prefix}`, gateway, auxAddress },
        ...(ipRange === undefined ? {} : { ipRange }),
      },
    ],
  };
  return macvlanNetwork.check(olds, news, fakeRun({}).run);
}

/** What must hold of every plan: nobody gets an address twice, nor one that somebody else on the LAN has. */
function assertPlan({ subnet, gateway, auxAddress, hosts, hostAccess }: RandomLan, plan: Record<string, HostPlan>) {
  const entries = Object.entries(plan).map(([id, host]) => ({ id, ...host, block: parseCidr(host.ipRange)! }));
  assert.deepEqual(entries.map(({ id }) => id).sort(), hosts.map(({ id }) => id).sort());
  const others = [gateway, ...Object.values(auxAddress), ...hosts.map(({ id }) => id).filter(parseAddress)];
  const shims = new Set<string>();
  for (const { id, block, auxAddress: reserved = {} } of entries) {
    assert.ok(containsCidr(subnet, block), `${id} is outside of the subnet`);
    assert.ok(!entries.some((other) => other.id !== id && overlap(other.block, block)), `${id} shares its block`);
    const withheld = [gateway, ...Object.values(reserved)];
    for (const address of others.filter((one) => containsAddress(block, parseAddress(one)!))) {
      assert.ok(withheld.includes(address), `${address} may be a container's on ${id}`);
    }
    const shim = reserved["crosshost-shim"];
    if (!hostAccess) continue;
    assert.ok(shim !== undefined && containsAddress(block, parseAddress(shim)!), `${id} has no shim`);
    assert.ok(!others.includes(shim), `the shim of ${id} has the address of another`);
    shims.add(shim);
  }
  if (hostAccess) assert.equal(shims.size, entries.length);
}

describe("a LAN's plan, whatever the program gives", () => {
  it("has no address twice, and moves no host when others come and go", () => {
    const random = new Random(20_261_126);
    let [plans, refused] = [0, 0];
    for (let round = 0; round < 600; round++) {
      const lan = randomLan(random);
      let olds: Partial<MacvlanNetworkInputs> = {};
      let staying: RandomLan["hosts"] = [];
      for (let step = 0; step < 5; step++) {
        const { inputs, failures } = check(lan, olds);
        if (failures.length > 0) {
          refused++;
          break;
        }
        plans++;
        const where = `round ${round}, step ${step}: ${JSON.stringify(inputs.plan)}`;
        try {
          assertPlan(lan, inputs.plan);
          for (const { id } of staying) assert.deepEqual(inputs.plan[id], olds.plan?.[id]);
          assert.deepEqual(check(lan, inputs).inputs.plan, inputs.plan);
        } catch (error) {
          throw new Error(`${where}: ${(error as Error).message}`);
        }
        olds = inputs;
        staying = [...lan.hosts];
        if (lan.hosts.length > 1 && random.once(2)) staying.splice(random.number(lan.hosts.length), 1);
        const comes = randomHost(random, lan.subnet, `${round}-${step}`);
        lan.hosts = [...staying];
        lan.hosts.splice(random.number(lan.hosts.length + 1), 0, comes);
      }
    }
    assert.ok(plans > 1_000 && refused > 100, `${plans} plans, ${refused} refused`);
  });
});
