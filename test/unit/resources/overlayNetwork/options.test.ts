import assert from "node:assert/strict";
import type { Network, NetworkCreate } from "../../../../provider/docker/types";
import { overlayNetwork } from "../../../../provider/resources/overlayNetwork";
import type { OverlayNetworkInputs, OverlayNetworkState } from "../../../../provider/resources/overlayNetwork/inputs";
import { options } from "../../../../provider/resources/overlayNetwork/inputs";
import { inputsOf, networkSpec } from "../../../../provider/resources/overlayNetwork/spec";
import { checked, connectionTo, stateOf } from "../../../helpers/inputs";
import { overlayCases } from "../../../helpers/overlayCases";

const news = {
  owner: "lab/dev/ov",
  name: "ov_net1",
  connections: [connectionTo("10.77.0.1")],
  ipamConfigs: [{ subnet: "10.200.0.0/24" }],
};

describe("an OverlayNetwork's options", () => {
  for (const [name, [set, change, asked]] of Object.entries(overlayCases)) {
    it(`${name}: set, again, change`, () => {
      const inputs = checked(overlayNetwork, { ...news, ...set });
      const spec = networkSpec(inputs);
      assert.deepEqual(pick(spec, Object.keys(asked)), asked);
      const state: OverlayNetworkState = stateOf(inputs, { networkId: "n1", scope: "global" });
      assert.deepEqual(overlayNetwork.diff(state, inputs), { changes: false, replaces: [] });
      assert.deepEqual(found(inputs), inputs, "what is read back is what was set");
      const property = name.split(",")[0];
      assert.deepEqual(overlayNetwork.diff(state, checked(overlayNetwork, { ...news, ...change })), {
        changes: true,
        replaces: [property],
      });
    });
  }

  it("have a case here, each of them", () => {
    const others = ["owner", "connections", "hosts", "adopt", "timeouts", "skipUnreachableHosts"];
    const named = Object.keys(overlayCases).map((name) => name.split(",")[0]!);
    assert.deepEqual([...new Set([...named, ...others])].sort(), Object.keys(options).sort());
  });

  it("that are left out show nothing of what Docker adds", () => {
    const inputs = checked(overlayNetwork, news);
    assert.deepEqual(found(inputs, { gateway: "10.200.0.1" }), inputs);
  });

  it("changed by hand are found", () => {
    const inputs = checked(overlayNetwork, { ...news, mtu: 1400 });
    const other = checked(overlayNetwork, { ...news, mtu: 1300, labels: { a: "b" }, internal: true });
    const { mtu, labels, internal } = { ...inputs, ...inputsOf(inputs, asNetwork(networkSpec(other))) };
    assert.deepEqual({ mtu, labels, internal }, { mtu: 1300, labels: { a: "b" }, internal: true });
  });
});

/** What read makes of the network as an engine shows it after creating it from these inputs. */
function found(inputs: OverlayNetworkInputs, added: { gateway?: string } = {}): OverlayNetworkInputs {
  return { ...inputs, ...inputsOf(inputs, asNetwork(networkSpec(inputs), added)) };
}

function asNetwork(spec: NetworkCreate, { gateway }: { gateway?: string } = {}): Network {
  return {
    ...{
      Name: spec.Name,
      Id: "n1",
      Created: "",
      Scope: "global",
      Driver: "overlay",
      EnableIPv6: false,
      Ingress: false,
    },
    ...{ Internal: spec.Internal ?? false, Attachable: spec.Attachable ?? false, Containers: {} },
    IPAM: {
      Driver: spec.IPAM?.Driver ?? "default",
      Options: spec.IPAM?.Options ?? null,
      Config: spec.IPAM!.Config!.map((config) => ({
        ...(gateway === undefined ? {} : { Gateway: gateway }),
        ...config,
      })),
    },
    Options: spec.Options ?? {},
    Labels: { ...spec.Labels, "io.crosshost.owner": "lab/dev/ov", "io.crosshost.spec": "x" },
  };
}

function pick(spec: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(spec).filter(([key]) => keys.includes(key)));
}
