import assert from "node:assert/strict";
import { unlessNotFound } from "../../../../provider/docker/errors";
import { CrosshostError } from "../../../../provider/errors";
import {
  belongsTo,
  ignoreMissing,
  isMadeFrom,
  isOfSameStack,
  isOwnedBy,
  OWNER_LABEL,
  ownershipLabels,
  requireOwned,
} from "../../../../provider/resources/shared/owned";

const owner = "lab/dev/web";
const labels = ownershipLabels({ owner, spec: { Image: "busybox:1.35" } });

describe("the ownership label", () => {
  it("makes a thing its owner's, and nobody else's", () => {
    assert.equal(isOwnedBy(owner, labels), true);
    assert.equal(isOwnedBy("lab/dev/web2", labels), false);
    for (const none of [null, undefined, {}]) assert.equal(isOwnedBy(owner, none), false);
  });

  it("is not needed on what was taken over, whose id state holds", () => {
    assert.equal(belongsTo(owner, undefined, { id: "a1", labels }), true);
    assert.equal(belongsTo(owner, ["a1"], { id: "a1", labels: null }), true);
    assert.equal(belongsTo(owner, ["a1"], { id: "b2", labels: null }), false);
    assert.equal(belongsTo(owner, undefined, { id: "b2", labels: null }), false);
  });

  it("comes with a digest of what the thing was made from", () => {
    assert.equal(isMadeFrom({ owner, spec: { Image: "busybox:1.35" } }, labels), true);
    assert.equal(isMadeFrom({ owner, spec: { Image: "busybox:1.36" } }, labels), false);
    assert.equal(isMadeFrom({ owner, spec: {} }, null), false);
  });

  it("tells the same stack from another", () => {
    assert.equal(isOfSameStack("lab/dev/lan", labels), true);
    assert.equal(isOfSameStack("lab/dev/group/lan", labels), true);
    assert.equal(isOfSameStack("lab/de/lan", labels), false);
    assert.equal(isOfSameStack("lab/prod/lan", labels), false);
    assert.equal(isOfSameStack("lab/dev/lan", null), false);
  });
});

describe("a same-named thing", () => {
  it("is taken when it is ours", () => {
    requireOwned("10.77.0.1", 'the network "lan"', owner, labels);
  });

  it("is refused when another program made it", () => {
    assert.throws(() => requireOwned("10.77.0.1", 'the network "lan"', owner, null), {
      message: 'host 10.77.0.1: the network "lan" exists already and was not made by this program',
      code: "foreign",
      hint: "remove it, or give this resource another `name`",
    });
  });

  it("can be taken over where its resource can do that", () => {
    assert.throws(() => requireOwned("10.77.0.1", 'the network "lan"', owner, null, { canBeAdopted: true }), {
      hint: "remove it, take it over with `adopt: true`, or give this resource another `name`",
    });
  });

  it("is refused, naming the owner, when another resource made it", () => {
    assert.throws(() => requireOwned("10.77.0.1", 'the network "lan"', owner, { [OWNER_LABEL]: "lab/prod/web" }), {
      message: 'host 10.77.0.1: the network "lan" exists already and belongs to lab/prod/web',
    });
  });
});

describe("not found", () => {
  const missing = () => Promise.reject(new CrosshostError("no such thing", { code: "not-found" }));
  const lost = () => Promise.reject(new CrosshostError("lost", { code: "connection-lost" }));

  it("is nothing, where Docker says so, and an error where nobody could be asked", async () => {
    assert.equal(await unlessNotFound(Promise.resolve(7)), 7);
    assert.equal(await unlessNotFound(missing()), undefined);
    await assert.rejects(unlessNotFound(lost()), { message: "lost" });
  });

  it("is success for a removal", async () => {
    await ignoreMissing(missing());
    await assert.rejects(ignoreMissing(lost()), { message: "lost" });
  });
});
