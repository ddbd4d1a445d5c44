import assert from "node:assert/strict";
import { largestGap } from "../../../provider/net/gaps";
import { parseCidr } from "../../../provider/net/ip";

const gap = (subnet: string, ...blocks: string[]) =>
  largestGap(
    parseCidr(subnet)!,
    blocks.map((block) => parseCidr(block)!),
  );

describe("the largest gap in a subnet", () => {
  it("is between, before or behind the blocks, without what IPv4 keeps for itself", () => {
    assert.equal(gap("10.77.0.0/24", "10.77.0.64/26"), "10.77.0.128 to 10.77.0.254");
    assert.equal(gap("10.77.0.0/24", "10.77.0.192/26", "10.77.0.160/27"), "10.77.0.1 to 10.77.0.159");
    assert.equal(gap("10.77.0.0/24", "10.77.0.192/26", "10.77.0.0/26"), "10.77.0.64 to 10.77.0.191");
    assert.equal(gap("10.77.0.0/24"), "10.77.0.1 to 10.77.0.254");
  });

  it("is a single address, or none", () => {
    assert.equal(gap("10.77.0.0/30", "10.77.0.2/31"), "10.77.0.1");
    assert.equal(gap("10.77.0.0/24", "10.77.0.0/24"), undefined);
    assert.equal(gap("10.77.0.0/24", "10.77.0.0/25", "10.77.0.0/26", "10.77.0.128/25"), undefined);
  });

  it("is in the blocks' family", () => {
    assert.equal(
      gap("fd00:77::/64", "fd00:77::/65", "10.77.0.0/24"),
      "fd00:77:0:0:8000:: to fd00:77::ffff:ffff:ffff:ffff",
    );
  });
});
