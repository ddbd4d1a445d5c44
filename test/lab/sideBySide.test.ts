import assert from "node:assert/strict";
import { Lab } from "../../lab";

const names = ["lab-test-side-a", "lab-test-side-b"];

describe("two labs started at the same moment", () => {
  let labs: Lab[] = [];

  before(async () => {
    labs = await Promise.all(names.map((name) => Lab.start({ hosts: 1, name })));
  });

  after(async () => {
    for (const lab of labs) await lab.stop();
  });

  it("have different addresses, keys and registries", () => {
    const [a, b] = labs as [Lab, Lab];
    assert.notEqual(a.host(1).address, b.host(1).address);
    assert.notEqual(a.privateKey, b.privateKey);
    assert.notEqual(a.registry, b.registry);
  });

  it("both serve their hosts", async () => {
    for (const lab of labs) {
      assert.equal(
        (await lab.host(1).ssh(["docker", "run", "--rm", "busybox:1.35", "echo", "hello"])).stdout.trim(),
        "hello",
      );
    }
  });

  it("do not reach each other's hosts", async () => {
    const [a, b] = labs as [Lab, Lab];
    assert.equal((await a.host(1).ssh(["ping", "-c", "1", "-W", "1", b.host(1).address])).exitCode, 1);
  });

  it("do not end together", async () => {
    const [a, b] = labs as [Lab, Lab];
    await a.stop();
    assert.equal((await b.host(1).ssh(["systemctl", "is-active", "docker"])).stdout.trim(), "active");
  });
});
