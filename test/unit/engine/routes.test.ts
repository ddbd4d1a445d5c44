import assert from "node:assert/strict";
import { describeRoute, parseRoutes } from "../../../provider/engine/routes";

describe("a host's routes", () => {
  it("are read from /proc/net/route, without the default one", () => {
    const text = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\tFE004D0A\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t00004D0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
wg0\t0500640A\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0
`;
    assert.deepEqual(parseRoutes(text).map(describeRoute), ["10.77.0.0/24 (eth0)", "10.100.0.5/32 (wg0)"]);
  });

  it("are none on a host without IPv4", () => {
    assert.deepEqual(parseRoutes(""), []);
  });
});
