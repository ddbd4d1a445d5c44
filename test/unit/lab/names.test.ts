import assert from "node:assert/strict";
import { chooseSlot, hostNames, labNames, slotCount } from "../../../lab/names";

describe("names of a lab", () => {
  it("follow from its slot", () => {
    const names = labNames(3);
    assert.equal(names.bridge, "crosshost3");
    assert.equal(names.subnet, "10.77.3.0/24");
    assert.equal(names.gateway, "10.77.3.254");
    assert.equal(names.mac, "06:77:03:00:00:fe");
    assert.equal(names.registry, "10.77.3.254:5000");
  });

  it("own the links and namespaces of their slot and of no other", () => {
    const names = labNames(1);
    assert.deepEqual(
      ["crosshost1", "crosshost1h2", "crosshost11", "crosshost11h2", "crosshost1h2x", "eth0"].filter(names.ownsLink),
      ["crosshost1", "crosshost1h2"],
    );
    assert.deepEqual(["crosshost1-host1", "crosshost11-host1", "crosshost1-host"].filter(names.ownsMachine), [
      "crosshost1-host1",
    ]);
  });
});

describe("names of a host", () => {
  it("follow from slot and number", () => {
    assert.deepEqual(hostNames(3, 2), {
      number: 2,
      name: "host2",
      address: "10.77.3.2",
      mac: "06:77:03:00:00:02",
      link: "crosshost3h2",
      machine: "crosshost3-host2",
      cgroup: "crosshost-lab3/host2",
    });
  });

  it("fit into Linux's 15 characters for a link in the last slot", () => {
    assert.ok(hostNames(slotCount - 1, 60).link.length <= 15);
  });

  it("belong to their lab", () => {
    assert.ok(labNames(12).ownsLink(hostNames(12, 7).link));
    assert.ok(labNames(12).ownsMachine(hostNames(12, 7).machine));
  });
});

describe("choosing a slot", () => {
  it("gives the default lab slot 0, even when others stand", () => {
    assert.equal(chooseSlot("lab", [1, 2]), 0);
  });

  it("gives others the lowest free slot and never 0", () => {
    assert.equal(chooseSlot("tests", []), 1);
    assert.equal(chooseSlot("tests", [0, 1, 3]), 2);
  });

  it("gives nothing when every slot is taken", () => {
    assert.equal(
      chooseSlot(
        "tests",
        Array.from({ length: slotCount }, (_, slot) => slot),
      ),
      undefined,
    );
  });
});
