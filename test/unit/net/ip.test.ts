import assert from "node:assert/strict";
import {
  containsAddress,
  containsCidr,
  formatAddress,
  formatCidr,
  isIpv4,
  isSame,
  lastAddress,
  overlap,
  parseAddress,
  parseCidr,
  size,
} from "../../../provider/net/ip";

const cidr = (text: string) => parseCidr(text)!;

describe("an address", () => {
  it("is read and written back", () => {
    for (const text of ["0.0.0.0", "10.77.0.1", "255.255.255.255", "::", "fd00:77::1", "2001:db8::ff:0:0:1"]) {
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

  it("is not a name, and has no zone, prefix or brackets", () => {
    for (const text of ["host1", "fe80::1%eth0", "::1/64", "[::1]", ":::", "1::2::3", "12345::"]) {
      assert.equal(parseAddress(text), undefined, text);
    }
  });

  it("of IPv6 is written in its short form", () => {
    assert.equal(formatAddress(parseAddress("FD00:0077:0:0:0:0:0:000a")!), "fd00:77::a");
  });

  it("is of one family only", () => {
    assert.deepEqual(["10.77.0.1", "::ffff:10.1.2.3", "host1"].map(isIpv4), [true, false, false]);
    assert.equal(isSame(parseAddress("0.0.0.1")!, parseAddress("::1")!), false);
  });
});

describe("a CIDR block", () => {
  it("is the network its address lies in", () => {
    assert.equal(formatCidr(cidr("10.0.5.7/16")), "10.0.0.0/16");
    assert.equal(formatCidr(cidr("10.0.5.7/32")), "10.0.5.7/32");
    assert.equal(formatCidr(cidr("255.255.255.255/0")), "0.0.0.0/0");
    assert.equal(formatCidr(cidr("fd00:77::5:7/64")), "fd00:77::/64");
  });

  it("is refused without a prefix length, and with one that is none", () => {
    for (const text of [
      "10.0.0.0",
      "10.0.0.0/",
      "10.0.0.0/33",
      "fd00::/129",
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
      ["0.0.0.0/0", "10.0.0.0/24", "10.0.0.0/32", "fd00::/64"].map((text) => size(cidr(text))),
      [2n ** 32n, 256n, 1n, 2n ** 64n],
    );
  });

  it("contains its first and last address and none beside them", () => {
    const block = cidr("10.0.1.0/24");
    const contains = (text: string) => containsAddress(block, parseAddress(text)!);
    assert.deepEqual(["10.0.0.255", "10.0.1.0", "10.0.1.255", "10.0.2.0"].map(contains), [false, true, true, false]);
    assert.equal(contains("::a00:100"), false);
    assert.equal(formatAddress(lastAddress(block)), "10.0.1.255");
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
