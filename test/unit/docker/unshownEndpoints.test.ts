import assert from "node:assert/strict";
import type { Endpoint } from "../../../provider/docker/types";
import { unshownEndpoints } from "../../../provider/docker/unshownEndpoints";

const RUNNING = { Running: true, Restarting: false };

function found(networks: Record<string, string>, State = RUNNING): string[] {
  const Networks = Object.fromEntries(
    Object.entries(networks).map(([name, EndpointID]) => [name, { EndpointID } as Endpoint]),
  );
  return unshownEndpoints({ State, NetworkSettings: { Networks } });
}

describe("endpoints that an engine does not show", () => {
  it("are those without an id, while the container runs", () => {
    assert.deepEqual(found({ ov: "", lan: "e1", other: "" }), ["ov", "other"]);
    assert.deepEqual(found({ lan: "e1" }), []);
  });

  it("are none before, after and between two starts", () => {
    assert.deepEqual(found({ ov: "" }, { Running: false, Restarting: false }), []);
    assert.deepEqual(found({ ov: "" }, { Running: true, Restarting: true }), []);
  });

  it("are none on the engine's own networks, which it may not have", () => {
    assert.deepEqual(found({ bridge: "", host: "", none: "" }), []);
  });
});
