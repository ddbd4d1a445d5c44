import assert from "node:assert/strict";
import { parseStoreUrl } from "../../../provider/kv/url";

describe("a store's URL", () => {
  it("has a kind, endpoints and a prefix", () => {
    assert.deepEqual(parseStoreUrl("consul://10.77.0.1:8500"), {
      kind: "consul",
      endpoints: [{ host: "10.77.0.1", port: 8500 }],
      prefix: "",
    });
    assert.deepEqual(parseStoreUrl("etcd://a:2379,b:2380/some/prefix/"), {
      kind: "etcd",
      endpoints: [
        { host: "a", port: 2379 },
        { host: "b", port: 2380 },
      ],
      prefix: "some/prefix",
    });
    assert.equal(parseStoreUrl("zk://zoo:2181/")?.kind, "zookeeper");
  });

  it("is refused without a known kind, a host or a port", () => {
    const wrong = ["", "10.77.0.1:8500", "http://a:1", "consul://", "consul://a", "consul://:8500", "consul://a:0"];
    for (const text of [...wrong, "consul://a:65536", "consul://a:1,", "consul:/a:1", " consul://a:1"]) {
      assert.equal(parseStoreUrl(text), undefined, text);
    }
  });
});
