import assert from "node:assert/strict";
import { CrosshostError } from "../../../provider/errors";
import { probe } from "../../../provider/proof/probe";
import { FakeDocker } from "../../helpers/fakeDocker";
import { type Answer, FakeHost } from "../../helpers/fakeHost";

/** Sends from a sandbox on a host whose command ends so. */
async function ended(answer: Answer) {
  const vantage = {
    host: new FakeHost({ "sh -c": answer }),
    docker: new FakeDocker(),
    containerId: "c",
    sandboxKey: "/var/run/docker/netns/0f813f484dbd",
  };
  return await probe(vantage, [{ address: "10.200.0.4" }], 1450);
}

describe("packets sent from a sandbox", () => {
  it("are answered, or not, as the command says", async () => {
    const answers = await ended("10.200.0.4 1 packets transmitted, 1 received\n");
    assert.ok(answers instanceof Map);
    assert.equal(answers.get("10.200.0.4")?.answered, true);
  });

  // The engine unmounts a namespace at once, and removes its file later.
  for (const stderr of [
    "nsenter: cannot open /var/run/docker/netns/0f813f484dbd: No such file or directory",
    "nsenter: can't open '/var/run/docker/netns/0f813f484dbd': No such file or directory",
    "nsenter: reassociate to namespace 'ns/net' failed: Invalid argument",
  ]) {
    it(`are not answered where the sandbox is gone: "${stderr}"`, async () => {
      const answers = await ended({ exitCode: 1, stderr });
      assert.ok(answers instanceof Map);
      assert.deepEqual(answers.get("10.200.0.4"), { answered: false, sent: 0, said: stderr });
    });
  }

  it("are not answered where a container ends in which they are to be sent without root", async () => {
    const docker = new FakeDocker();
    docker.containers.exec = async () => {
      throw docker.refuse("run in container", 409, "container c is not running");
    };
    const host = new FakeHost({}, "10.77.0.1", "somebody");
    host.run = async () => {
      throw new CrosshostError("host 10.77.0.1: that needs root", { code: "no-permission" });
    };
    const vantage = { host, docker, containerId: "c", sandboxKey: "/var/run/docker/netns/0f813f484dbd" };
    const answers = await probe(vantage, [{ address: "10.200.0.4" }], 1450);
    assert.ok(answers instanceof Map);
    assert.equal(answers.get("10.200.0.4")?.answered, false);
  });

  for (const [exitCode, stderr] of [
    [127, "sh: 1: nsenter: not found"],
    [1, "sudo: nsenter: command not found"],
    [127, "there is neither ping nor bash"],
  ] as const) {
    it(`cannot be sent where the host says "${stderr}"`, async () => {
      assert.deepEqual(await ended({ exitCode, stderr }), {
        unable: `the host needs nsenter, and ping or bash: ${stderr}`,
        isOfHost: true,
      });
    });
  }
});
