import assert from "node:assert/strict";
import { Failures } from "../../../../provider/resources/shared/failures";
import { checkIpamConfigs } from "../../../../provider/resources/shared/ipam";
import { UNKNOWN } from "../../../../provider/unknown";

function reasons(...configs: unknown[]): string[] {
  const failures = new Failures();
  checkIpamConfigs(configs, failures);
  return failures.list.map(({ reason }) => reason);
}

describe("subnets", () => {
  it("may have a gateway and a range inside them", () => {
    assert.deepEqual(reasons({ subnet: "10.0.0.0/24", gateway: "10.0.0.254", ipRange: "10.0.0.64/26" }), []);
  });

  it("contain their gateway", () => {
    assert.deepEqual(reasons({ subnet: "10.0.0.0/24", gateway: "10.0.1.1" }), [
      "Expected `ipamConfigs[0].gateway` to lie in the subnet 10.0.0.0/24, got `10.0.1.1`",
    ]);
  });

  it("lend neither their first nor their last address to a gateway, unless there are only two", () => {
    const expected = (address: string) =>
      `Expected \`ipamConfigs[0].gateway\` not to be the network's own or its broadcast address, got \`${address}\``;
    assert.deepEqual(reasons({ subnet: "10.0.0.0/24", gateway: "10.0.0.0" }), [expected("10.0.0.0")]);
    assert.deepEqual(reasons({ subnet: "10.0.0.0/24", gateway: "10.0.0.255" }), [expected("10.0.0.255")]);
    assert.deepEqual(reasons({ subnet: "10.0.0.0/31", gateway: "10.0.0.0" }), []);
  });

  it("contain their range", () => {
    assert.deepEqual(reasons({ subnet: "10.0.0.0/24", ipRange: "10.0.0.0/23" }), [
      "Expected `ipamConfigs[0].ipRange` to lie in the subnet 10.0.0.0/24, got `10.0.0.0/23`",
    ]);
  });

  it("keep clear of each other", () => {
    assert.deepEqual(reasons({ subnet: "10.0.0.0/24" }, { subnet: "10.1.0.0/24" }, { subnet: "10.0.0.0/16" }), [
      "Expected `ipamConfigs[2].subnet` not to overlap `ipamConfigs[0].subnet`, got `10.0.0.0/16`",
    ]);
  });

  it("are not judged by what is not known yet, or wrong already", () => {
    assert.deepEqual(reasons(UNKNOWN, undefined, { subnet: UNKNOWN, gateway: "10.0.0.1" }, { subnet: "x" }), []);
    assert.deepEqual(reasons({ subnet: "10.0.0.0/24", gateway: UNKNOWN, ipRange: UNKNOWN }), []);
  });
});
