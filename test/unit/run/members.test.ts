import assert from "node:assert/strict";
import { Members } from "../../../provider/run/members";

const member = (number: number, more: object = {}) => ({
  host: `10.77.0.${number}`,
  clusterStore: "consul://10.77.0.1:8500",
  hostName: `host${number}`,
  advertisedAddress: `10.77.0.${number}:2376`,
  ...more,
});

describe("the members of a cluster that a run has met", () => {
  it("have names and addresses of their own", () => {
    const members = new Members();
    assert.equal(members.enter(member(1)), undefined);
    assert.equal(members.enter(member(2)), undefined);
    assert.equal(members.enter(member(3, { hostName: "host1" }))?.host, "10.77.0.1");
    assert.equal(members.enter(member(3, { advertisedAddress: "10.77.0.2:2376" }))?.host, "10.77.0.2");
    assert.equal(members.enter(member(3)), undefined);
  });

  it("are of one cluster by any of the URLs of its store", () => {
    const members = new Members();
    const urls = ["consul://10.77.0.1:8500", "consul://10.77.0.2:8500"];
    members.isOneStore(urls);
    assert.equal(members.enter(member(1, { clusterStore: urls[0] })), undefined);
    assert.equal(members.enter(member(2, { clusterStore: urls[1], hostName: "host1" }))?.host, "10.77.0.1");
  });

  it("may change their own, and share some with members of other clusters", () => {
    const members = new Members();
    members.enter(member(1));
    assert.equal(members.enter(member(1, { hostName: "renamed" })), undefined);
    assert.equal(members.enter(member(2, { hostName: "renamed", clusterStore: "etcd://e:2379" })), undefined);
  });

  it("are known from state, where nothing was done to them in this run", () => {
    const members = new Members();
    members.recorded(member(1));
    members.recorded({ name: "web1", host: "10.77.0.2" });
    members.recorded(member(2, { hostName: undefined }));
    assert.equal(members.enter(member(2, { hostName: "host1" }))?.host, "10.77.0.1");
    members.left("10.77.0.1");
    assert.equal(members.enter(member(2, { hostName: "host1" })), undefined);
  });
});
