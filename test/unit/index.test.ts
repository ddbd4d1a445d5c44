import assert from "node:assert/strict";
import { lifecycleOf } from "../../provider";
import { describeError } from "../../provider/errors";

describe("the kinds of resource", () => {
  it("are five, each with every verb", () => {
    for (const kind of ["KVStore", "ClusterMember", "OverlayNetwork", "MacvlanNetwork", "IpvlanNetwork", "Container"]) {
      const provider = lifecycleOf(kind);
      assert.equal(lifecycleOf(kind), provider);
      for (const verb of ["configure", "check", "diff", "create", "read", "update", "delete"] as const) {
        assert.equal(typeof provider[verb], "function", `${kind}.${verb}`);
      }
    }
  });

  it("are no others", () => {
    for (const kind of ["Volume", "kvstore", "constructor"]) {
      assert.throws(() => lifecycleOf(kind), { message: `pulumi-crosshost has no resource of the kind ${kind}` });
    }
  });
});

describe("an error's one line", () => {
  it("is the message of anything thrown", () => {
    assert.equal(describeError(new Error("it broke")), "it broke");
    assert.equal(describeError("it broke"), "it broke");
  });
});
