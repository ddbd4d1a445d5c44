import assert from "node:assert/strict";
import {
  containsAddress,
  containsCidr,
  formatAddress,
  formatCidr,
  overlap,
  parseAddress,
  parseCidr,
  size,
} from "../../../provider/net/ipv4";

const cidr = (text: string) => parseCidr(text)!;

describe("an IPv4 address", () => {
  it("is read and written back", () => {
    for (const text of ["0.0.0.0", "10.77.0.1", "192.168.255.254", "255.255.255.255"]) {
      assert.equal(formatAddress(parseAddress(text)!), text);
    }
  });

  it("is refused where tools disagree on what it means", () => {
    for (const text of [
      "010.1.2.3",
      "10.1.2",
      "10.1.2.3.4",
      "10.1.2.256",
      "0x0a.1.2.3",
      "10.1.2.3/24",
      "",
      " 10.1.2.3",
    ]) {
      assert.equal(parseAddress(text), undefined, text);
    }
  });

  it("is not a name, and not IPv6", () => {
    for (const text of ["host1", "::1", "::ffff:10.1.2.3"]) assert.equal(parseAddress(text), undefined, text);
  });
});

describe("a CIDR block", () => {
  it("is the network its address lies in", () => {
    assert.equal(formatCidr(cidr("10.0.5.7/16")), "10.0.0.0/16");
    assert.equal(formatCidr(cidr("10.0.5.7/32")), "10.0.5.7/32");
    assert.equal(formatCidr(cidr("255.255.255.255/0")), "0.0.0.0/0");
  });

  it("is refused without a prefix length, and with one that is none", () => {
    for (const text of [
      "10.0.0.0",
      "10.0.0.0/",
      "10.0.0.0/33",
      "10.0.0.0/-1",
      "10.0.0.0/08",
      "10.0.0.0/8/8",
      "/8",
      "x/8",
    ]) {
      assert.equal(parseCidr(text), undefined, text);
    }
  });

  it("has as many addresses as its prefix leaves", () => {
    assert.deepEqual(
      ["0.0.0.0/0", "10.0.0.0/24", "10.0.0.0/32"].map((text) => size(cidr(text))),
      [2 ** 32, 256, 1],
    );
  });

  it("contains its first and last address and none beside them", () => {
    const block = cidr("10.0.1.0/24");
    const contains = (text: string) => containsAddress(block, parseAddress(text)!);
    assert.deepEqual(["10.0.0.255", "10.0.1.0", "10.0.1.255", "10.0.2.0"].map(contains), [false, true, true, false]);
  });

  it("contains itself and smaller blocks, not the larger one around it", () => {
    assert.equal(containsCidr(cidr("10.0.0.0/16"), cidr("10.0.0.0/16")), true);
    assert.equal(containsCidr(cidr("10.0.0.0/16"), cidr("10.0.9.0/24")), true);
    assert.equal(containsCidr(cidr("10.0.9.0/24"), cidr("10.0.0.0/16")), false);
  });

  it("overlaps with what contains it or is contained in it, whichever is asked", () => {
    assert.equal(overlap(cidr("10.0.0.0/16"), cidr("10.0.9.0/24")), true);
    assert.equal(overlap(cidr("10.0.9.0/24"), cidr("10.0.0.0/16")), true);
    assert.equal(overlap(cidr("10.0.8.0/24"), cidr("10.0.9.0/24")), false);
  });
});
