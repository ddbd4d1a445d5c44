import assert from "node:assert/strict";
import { type Cidr, containsCidr, formatCidr, overlap, parseCidr } from "../../../provider/net/ipv4";
import { planBlocks } from "../../../provider/net/plan";

const pool = parseCidr("10.77.0.64/26")!;

function plan(hosts: string[], previous: Record<string, Cidr> = {}, from: Cidr = pool): Record<string, Cidr> {
  const result = planBlocks({ pool: from, hosts, previous });
  assert.ok("blocks" in result, "the pool is full");
  return result.blocks;
}

const written = (blocks: Record<string, Cidr>) =>
  Object.fromEntries(Object.entries(blocks).map(([host, block]) => [host, formatCidr(block)]));

/** Park and Miller's generator: the same numbers in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

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

  it("says into how many blocks a full pool is cut", () => {
    const previous = plan(["host1", "host2"]);
    const hosts = ["host1", "host2", "host3", "host4", "host5"];
    assert.deepEqual(planBlocks({ pool, hosts, previous }), { full: { blocks: 4, hosts: 5 } });
  });

  it("cuts a pool no finer than single addresses", () => {
    const tiny = parseCidr("10.77.0.64/31")!;
    assert.deepEqual(written(plan(["host1", "host2"], {}, tiny)), { host1: "10.77.0.64/32", host2: "10.77.0.65/32" });
    assert.deepEqual(planBlocks({ pool: tiny, hosts: ["a", "b", "c"], previous: {} }), {
      full: { blocks: 2, hosts: 3 },
    });
  });

  it("starts anew for a host whose block lies outside a pool that was moved", () => {
    const previous = plan(["host1"]);
    assert.deepEqual(written(plan(["host1"], previous, parseCidr("10.88.0.0/26")!)), { host1: "10.88.0.0/28" });
  });

  it("holds for any hosts: disjoint blocks inside the pool, and nobody moves when others come and go", () => {
    const pick = random(20_260_101);
    for (let round = 0; round < 300; round++) {
      const prefix = 16 + pick(12);
      const from = parseCidr(`10.${pick(256)}.${pick(256)}.${pick(256)}/${prefix}`)!;
      let hosts = Array.from({ length: 1 + pick(6) }, (_, i) => `host${i}`);
      let blocks: Record<string, Cidr> = {};
      for (let step = 0; step < 8; step++) {
        const result = planBlocks({ pool: from, hosts, previous: blocks });
        if ("full" in result) {
          assert.ok(
            hosts.length > result.full.blocks,
            `${hosts.length} hosts have room in ${result.full.blocks} blocks`,
          );
          break;
        }
        assert.deepEqual(Object.keys(result.blocks).sort(), [...hosts].sort());
        const all = Object.values(result.blocks);
        all.forEach((block, i) => {
          assert.ok(containsCidr(from, block), `${formatCidr(block)} lies outside ${formatCidr(from)}`);
          assert.ok(!all.some((other, j) => j !== i && overlap(block, other)), `${formatCidr(block)} is given twice`);
        });
        for (const host of hosts) if (blocks[host]) assert.deepEqual(result.blocks[host], blocks[host]);
        blocks = result.blocks;
        const leaving = pick(hosts.length);
        hosts = hosts.filter((_, i) => hosts.length === 1 || i !== leaving || pick(2) === 0);
        hosts.splice(pick(hosts.length + 1), 0, `new${round}-${step}`);
      }
    }
  });
});
