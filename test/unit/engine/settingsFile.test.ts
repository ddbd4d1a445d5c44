import assert from "node:assert/strict";
import {
  clusterKeysOf,
  isBlank,
  readSettings,
  withoutSettings,
  withSettings,
} from "../../../provider/engine/settingsFile";

const settings = { clusterStore: "consul://10.77.0.1:8500", clusterAdvertise: "eth0:2376", clusterStoreOpts: {} };

describe("daemon.json", () => {
  const texts: [string, string, string][] = [
    [
      "indented by two",
      '{\n  "mtu": 1400\n}\n',
      '{\n  "mtu": 1400,\n  "cluster-store": "consul://10.77.0.1:8500",\n  "cluster-advertise": "eth0:2376"\n}\n',
    ],
    [
      "indented by tabs, with no end of line",
      '{\n\t"mtu": 1400\n}',
      '{\n\t"mtu": 1400,\n\t"cluster-store": "consul://10.77.0.1:8500",\n\t"cluster-advertise": "eth0:2376"\n}',
    ],
    [
      "on one line, with lists spaced by hand",
      '{ "dns": ["1.1.1.1",  "9.9.9.9"] }\n',
      '{ "dns": ["1.1.1.1",  "9.9.9.9"], "cluster-store": "consul://10.77.0.1:8500", "cluster-advertise": "eth0:2376" }\n',
    ],
    ["empty", "{}", '{\n  "cluster-store": "consul://10.77.0.1:8500",\n  "cluster-advertise": "eth0:2376"\n}'],
  ];
  for (const [what, before, after] of texts) {
    it(`gets the settings at its end and keeps every other byte: ${what}`, () => {
      assert.equal(withSettings(before, settings), after);
      assert.equal(withSettings(after, settings), after);
      assert.equal(withoutSettings(after), before);
    });
  }

  it("has changed settings where they stand, and options only while there are some", () => {
    const with2 = withSettings('{ "cluster-store": "etcd://e:2379", "mtu": 1 }', {
      ...settings,
      clusterStoreOpts: { "kv.path": "x" },
    });
    assert.equal(
      with2,
      '{ "cluster-store": "consul://10.77.0.1:8500", "mtu": 1, "cluster-advertise": "eth0:2376", "cluster-store-opts": {"kv.path":"x"} }',
    );
    assert.deepEqual(clusterKeysOf(withSettings(with2, settings)), ["cluster-store", "cluster-advertise"]);
  });

  it("loses settings at its beginning or in its middle with the comma that is theirs", () => {
    assert.equal(withoutSettings('{"cluster-store": "x", "a": 1}'), '{"a": 1}');
    assert.equal(withoutSettings('{"a": 1, "cluster-advertise": "x" ,"b": 2}'), '{"a": 1 ,"b": 2}');
  });

  it("is read: what is there, what is not JSON, and what is nothing", () => {
    assert.deepEqual(readSettings(withSettings("", settings)), {
      clusterStore: settings.clusterStore,
      clusterAdvertise: settings.clusterAdvertise,
    });
    assert.deepEqual(readSettings(" \n"), {});
    assert.ok("malformed" in readSettings("{,}"));
    assert.deepEqual(readSettings("[]"), { malformed: "it is not an object" });
    assert.deepEqual([isBlank("{ }"), isBlank(""), isBlank('{"a":1}'), isBlank("{")], [true, true, false, false]);
  });
});
