import assert from "node:assert/strict";
import {
  type Address,
  type Cidr,
  containsAddress,
  containsCidr,
  formatAddress,
  formatCidr,
  overlap,
  parseAddress,
  parseCidr,
  size,
} from "../../../provider/net/ip";
import { highestFree, type PlanRequest, planBlocks } from "../../../provider/net/plan";
import { Random } from "../../helpers/random";

const subnet = parseCidr("10.77.0.0/24")!;
const pool = parseCidr("10.77.0.64/26")!;

function plan(hosts: string[], previous: Record<string, Cidr> = {}, more: Partial<PlanRequest> = {}) {
  const result = planBlocks({ subnet, pool, hosts, previous, ...more });
  assert.ok("blocks" in result, JSON.stringify(Object.keys(result)));
  return result.blocks;
}

const addresses = (...texts: string[]) => texts.map((text) => parseAddress(text)!);

const written = (blocks: Record<string, Cidr>) =>
  Object.fromEntries(Object.entries(blocks).map(([host, block]) => [host, formatCidr(block)]));

describe("a plan of address ranges", () => {
  it("cuts the pool into four blocks for two hosts, and gives them the lowest", () => {
    assert.deepEqual(written(plan(["host1", "host2"])), { host1: "10.77.0.64/28", host2: "10.77.0.80/28" });
  });

  it("is the same when it is made again", () => {
    const first = plan(["host1", "host2"]);
    assert.deepEqual(plan(["host1", "host2"], first), first);
  });

  it("gives a host that comes the lowest free block and leaves the others theirs, wherever it stands in the program", () => {
    const first = plan(["host1", "host2"]);
    assert.deepEqual(written(plan(["host0", "host1", "host2"], first)), {
      host0: "10.77.0.96/28",
      host1: "10.77.0.64/28",
      host2: "10.77.0.80/28",
    });
  });

  it("gives the block of a host that left to one that comes", () => {
    const first = plan(["host1", "host2"]);
    const second = plan(["host2"], first);
    assert.deepEqual(written(second), { host2: "10.77.0.80/28" });
    assert.deepEqual(written(plan(["host2", "host3"], second)), { host2: "10.77.0.80/28", host3: "10.77.0.64/28" });
  });

  it("gives one that comes as another leaves that one's block only where no other is free", () => {
    const first = plan(["host1", "host2"]);
    assert.deepEqual(written(plan(["host2", "host3"], first)), { host2: "10.77.0.80/28", host3: "10.77.0.96/28" });
    const four = plan(["host1", "host2", "host3", "host4"], first);
    assert.deepEqual(written(plan(["host2", "host3", "host4", "host5"], four)), {
      host2: "10.77.0.80/28",
      host3: "10.77.0.96/28",
      host4: "10.77.0.112/28",
      host5: "10.77.0.64/28",
    });
  });

  it("says how many hosts a full pool has room for", () => {
    const previous = plan(["host1", "host2"]);
    const hosts = ["host1", "host2", "host3", "host4", "host5"];
    const full = { room: 4, hosts: 5, prefix: 28 };
    assert.deepEqual(planBlocks({ subnet, pool, hosts, previous }), { full });
  });

  it("cuts a pool no finer than single addresses", () => {
    const tiny = { pool: parseCidr("10.77.0.64/31")! };
    assert.deepEqual(written(plan(["host1", "host2"], {}, tiny)), { host1: "10.77.0.64/32", host2: "10.77.0.65/32" });
    assert.deepEqual(planBlocks({ subnet, ...tiny, hosts: ["a", "b", "c"], previous: {} }), {
      full: { room: 2, hosts: 3, prefix: 32 },
    });
  });

  it("starts anew for a host whose block lies outside a pool that was moved", () => {
    const previous = plan(["host1"]);
    const moved = { pool: parseCidr("10.88.0.0/26")! };
    assert.deepEqual(written(plan(["host1"], previous, moved)), { host1: "10.88.0.0/28" });
  });

  it("leaves every host its block when the pool grows, and has room for more", () => {
    const previous = plan(["host1", "host2", "host3", "host4"], plan(["host1", "host2"]));
    const hosts = ["host1", "host2", "host3", "host4", "host5"];
    const { host5, ...others } = plan(hosts, previous, { pool: parseCidr("10.77.0.0/24")! });
    assert.deepEqual(others, previous);
    assert.equal(formatCidr(host5!), "10.77.0.0/28");
  });

  it("hands out blocks with reserved addresses last, and none that has nothing else", () => {
    const reserved = addresses("10.77.0.1", "10.77.0.2", "10.77.0.254");
    const whole = { pool: subnet, reserved };
    assert.deepEqual(written(plan(["host1", "host2", "host3"], {}, whole)), {
      host1: "10.77.0.32/27",
      host2: "10.77.0.64/27",
      host3: "10.77.0.96/27",
    });
    assert.deepEqual(written(plan(["host1", "host2"], {}, { pool: parseCidr("10.77.0.0/25")!, reserved })), {
      host1: "10.77.0.32/27",
      host2: "10.77.0.64/27",
    });
    const small = { subnet: parseCidr("10.77.0.0/29")!, pool: parseCidr("10.77.0.0/29")!, reserved };
    assert.deepEqual(written(plan(["host1", "host2", "host3"], {}, small)), {
      host1: "10.77.0.3/32",
      host2: "10.77.0.4/32",
      host3: "10.77.0.5/32",
    });
  });

  it("keeps clear of the blocks the program gives itself, wherever they lie", () => {
    const given = { host1: parseCidr("10.77.0.64/27")!, host2: parseCidr("10.77.0.200/29")! };
    assert.deepEqual(written(plan(["host1", "host2", "host3"], {}, { given })), {
      host1: "10.77.0.64/27",
      host2: "10.77.0.200/29",
      host3: "10.77.0.96/28",
    });
  });

  it("says whose block a given one overlaps", () => {
    const previous = plan(["host1"]);
    const given = { host2: parseCidr("10.77.0.64/30")! };
    assert.deepEqual(planBlocks({ subnet, pool, hosts: ["host1", "host2"], previous, given }), {
      clash: { host: "host2", with: "host1", block: previous.host1 },
    });
  });

  it("shares out IPv6 without counting to the end of it", () => {
    const wide = { subnet: parseCidr("fd00:77::/64")!, pool: parseCidr("fd00:77::/64")! };
    const first = plan(["host1", "host2"], {}, { ...wide, reserved: addresses("fd00:77::1") });
    assert.deepEqual(written(first), { host1: "fd00:77:0:0:4000::/66", host2: "fd00:77:0:0:8000::/66" });
    const given = { big: parseCidr("fd00:77::/65")! };
    const small = { kept: parseCidr("fd00:77:0:0:8000::/128")! };
    assert.equal(formatCidr(plan(["big", "kept", "new"], small, { ...wide, given }).new!), "fd00:77::8000:0:0:1/128");
  });

  it("takes hosts by any name", () => {
    const hosts = ["constructor", "__proto__", "toString"];
    assert.deepEqual(Object.keys(plan(hosts, plan(["__proto__"]))).sort(), [...hosts].sort());
  });

  it("gives one of two hosts another block that have the same by somebody's hand", () => {
    const block = parseCidr("10.77.0.64/28")!;
    assert.deepEqual(written(plan(["host1", "host2"], { host1: block, host2: block })), {
      host1: "10.77.0.64/28",
      host2: "10.77.0.80/28",
    });
  });

  it("finds the highest address that a container could have", () => {
    const last = (block: string, ...reserved: string[]) => {
      const found = highestFree(parseCidr(block)!, subnet, addresses(...reserved));
      return found && formatAddress(found);
    };
    assert.equal(last("10.77.0.64/28"), "10.77.0.79");
    assert.equal(last("10.77.0.240/28", "10.77.0.254"), "10.77.0.253");
    assert.equal(last("10.77.0.254/31", "10.77.0.254"), undefined);
  });

  it("holds for any hosts: disjoint blocks inside the pool, and nobody moves when others come and go", () => {
    const random = new Random(20_260_101);
    let plans = 0;
    for (let round = 0; round < 3_000; round++) {
      const world = randomWorld(random);
      let hosts = Array.from({ length: 1 + random.number(6) }, (_, i) => `host${i}`);
      let blocks: Record<string, Cidr> = {};
      for (let step = 0; step < 8; step++) {
        const where = `round ${round}, step ${step}`;
        const request = { ...world, hosts, previous: blocks };
        const result = planBlocks(request);
        if (!("blocks" in result)) {
          assert.ok("full" in result && result.full.room < result.full.hosts, where);
          break;
        }
        plans++;
        assertPlan(result.blocks, request, where);
        assertLeft(result.blocks, request, where);
        assert.deepEqual(planBlocks({ ...world, hosts, previous: result.blocks }), result, where);
        blocks = result.blocks;
        const leaving = random.number(hosts.length);
        hosts = hosts.filter((_, i) => hosts.length === 1 || i !== leaving || random.once(2));
        hosts.splice(random.number(hosts.length + 1), 0, `new${round}-${step}`);
        // A pool that grows, sometimes.
        if (random.once(8)) world.pool = world.subnet;
      }
    }
    assert.ok(plans > 10_000, `${plans} plans`);
  });

  it("holds for any blocks that the program gives, too, which the hosts that have them keep", () => {
    const random = new Random(20_261_125);
    let [plans, clashes] = [0, 0];
    for (let round = 0; round < 3_000; round++) {
      const world = randomWorld(random);
      let hosts = Array.from({ length: 2 + random.number(5) }, (_, i) => `host${i}`);
      let given: Record<string, Cidr> = {};
      let blocks: Record<string, Cidr> = {};
      for (let step = 0; step < 6; step++) {
        const where = `round ${round}, step ${step}`;
        given = Object.fromEntries(Object.entries(given).filter(([host]) => hosts.includes(host)));
        const block = randomBlock(random, world.subnet);
        const host = hosts.at(-1)!;
        if (random.once(2) && !Object.values(given).some((other) => overlap(other, block))) given[host] ??= block;
        const request = { ...world, hosts, previous: blocks, given };
        const result = planBlocks(request);
        if ("clash" in result) {
          const { host: one, with: other, block: taken } = result.clash;
          assert.ok(overlap(given[one]!, taken) && blocks[other] === taken, where);
          clashes++;
          delete given[one];
          continue;
        }
        if (!("blocks" in result)) break;
        plans++;
        for (const [one, its] of Object.entries(given)) assert.equal(result.blocks[one], its, where);
        assertPlan(result.blocks, request, where);
        assert.deepEqual(planBlocks({ ...request, previous: result.blocks }), result, where);
        blocks = result.blocks;
        if (hosts.length > 1 && random.once(2)) hosts = hosts.filter((_, i) => i !== random.number(hosts.length));
        hosts = [...hosts, `new${round}-${step}`];
      }
    }
    assert.ok(plans > 5_000 && clashes > 500, `${plans} plans, ${clashes} clashes`);
  });
});

/** A block of up to a sixteenth of a subnet, anywhere in it. */
function randomBlock(random: Random, subnet: Cidr): Cidr {
  const prefix = Math.min(subnet.family === 6 ? 128 : 32, subnet.prefix + 1 + random.number(4));
  const step = size({ family: subnet.family, prefix });
  const base = subnet.base + step * BigInt(random.number(Number(size(subnet) / step)));
  return { family: subnet.family, base, prefix };
}

/** A subnet of either family, a pool in it, and reserved addresses anywhere in the subnet. */
function randomWorld(random: Random): Omit<PlanRequest, "hosts" | "previous"> {
  const isV6 = random.once(3);
  const prefix = isV6 ? 48 + random.number(76) : 16 + random.number(12);
  const subnet = isV6
    ? parseCidr(`fd00:${random.number(65536).toString(16)}::/${prefix}`)!
    : parseCidr(`10.${random.number(256)}.${random.number(256)}.0/${prefix}`)!;
  const address = (): Address => {
    const room = size(subnet) > 60_000n ? 60_000 : Number(size(subnet));
    return { family: subnet.family, value: subnet.base + BigInt(random.number(room)) };
  };
  const longest = isV6 ? 128 : 32;
  const poolPrefix = Math.min(longest, prefix + random.number(3));
  const pool = parseCidr(`${formatAddress(address())}/${poolPrefix}`)!;
  return { subnet, pool, reserved: Array.from({ length: random.number(12) }, address) };
}

function assertPlan(blocks: Record<string, Cidr>, request: PlanRequest, where: string): void {
  const { pool, hosts, previous, given = {}, reserved = [] } = request;
  assert.deepEqual(Object.keys(blocks).sort(), [...hosts].sort(), where);
  const entries = Object.entries(blocks);
  const fail = (what: string) => assert.fail(`${where}: ${what}: ${JSON.stringify(written(blocks))}`);
  for (const [host, block] of entries) {
    if (!given[host] && !containsCidr(pool, block)) fail(`${host} is outside ${formatCidr(pool)}`);
    if (entries.some(([other, taken]) => other !== host && overlap(block, taken))) fail(`${host} shares its block`);
    const inside = new Set(reserved.filter((address) => containsAddress(block, address)).map(({ value }) => value));
    if (!given[host] && size(block) <= BigInt(inside.size)) fail(`nothing is free for ${host}`);
  }
  for (const host of hosts) {
    if (previous[host] && !given[host] && containsCidr(pool, previous[host])) {
      assert.equal(blocks[host], previous[host], where);
    }
  }
}

/** One that comes has the block of one that leaves only where there is none for all of them together. */
function assertLeft(blocks: Record<string, Cidr>, request: PlanRequest, where: string): void {
  const { hosts, previous } = request;
  const left = Object.keys(previous).filter((host) => !hosts.includes(host));
  const isShared = left.some((gone) =>
    hosts.some((host) => !previous[host] && overlap(blocks[host]!, previous[gone]!)),
  );
  if (isShared) assert.ok("full" in planBlocks({ ...request, hosts: [...hosts, ...left] }), where);
}
