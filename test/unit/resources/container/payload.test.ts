import assert from "node:assert/strict";
import { container } from "../../../../provider/resources/container";
import { changeablePayload, fixedPayload } from "../../../../provider/resources/container/payload";
import { ownershipLabels } from "../../../../provider/resources/shared/owned";
import { checked, connectionTo } from "../../../helpers/inputs";

const news = {
  owner: "lab/dev/web1",
  connection: connectionTo("10.77.0.1"),
  name: "web1",
  image: "busybox:1.35",
};

describe("a container's payload", () => {
  const inputs = checked(container, { ...news, command: ["httpd"], envs: ["B=2", "A=1"], labels: { tier: "front" } });

  it("has what cannot be changed apart from what can", () => {
    assert.deepEqual(fixedPayload(inputs), {
      Image: "busybox:1.35",
      Cmd: ["httpd"],
      Env: ["A=1", "B=2"],
      Labels: { tier: "front" },
    });
    assert.deepEqual(changeablePayload(inputs), { RestartPolicy: { Name: "no" } });
  });

  it("has the digest that the first version wrote on its containers, so that none of them is made anew", () => {
    const digestOf = (spec: unknown) => ownershipLabels({ owner: "x", spec })["io.crosshost.spec"];
    const text = '{"Image":"busybox:1.35","Cmd":["httpd"],"Env":["A=1","B=2"],"Labels":{"tier":"front"}}';
    assert.equal(digestOf(fixedPayload(inputs)), digestOf(JSON.parse(text)));
    const bare = checked(container, news);
    assert.equal(digestOf(fixedPayload(bare)), digestOf({ Image: "busybox:1.35", Env: [], Labels: {} }));
  });
});
