import assert from "node:assert/strict";
import { parseCidr } from "../../../provider/net/ip";
import { Subnets } from "../../../provider/run/subnets";

const claim = (owner: string, subnet: string | undefined, hosts = ["10.77.0.1"]) => ({
  owner,
  name: owner,
  hosts,
  subnets: [subnet === undefined ? undefined : parseCidr(subnet)],
});

describe("the subnets of a run", () => {
  it("overlap where one network contains another's on the same host", () => {
    const subnets = new Subnets();
    assert.deepEqual(subnets.enter(claim("a", "10.200.0.0/16")), []);
    assert.deepEqual(subnets.enter(claim("b", "10.200.7.0/24")), [{ index: 0, other: "a", subnet: "10.200.0.0/16" }]);
  });

  it("do not overlap on different hosts, nor with what is not known yet, nor with themselves", () => {
    const subnets = new Subnets();
    subnets.enter(claim("a", "10.200.0.0/24"));
    assert.deepEqual(subnets.enter(claim("b", "10.200.0.0/24", ["10.77.0.2"])), []);
    assert.deepEqual(subnets.enter(claim("c", undefined)), []);
    assert.deepEqual(subnets.enter(claim("a", "10.200.0.0/24")), []);
  });
});
