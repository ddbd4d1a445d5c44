import assert from "node:assert/strict";
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

  it("are not answered where the sandbox is gone, and say so", async () => {
    const stderr = "nsenter: cannot open /var/run/docker/netns/0f813f484dbd: No such file or directory";
    const answers = await ended({ exitCode: 1, stderr });
    assert.ok(answers instanceof Map);
    assert.deepEqual(answers.get("10.200.0.4"), { answered: false, sent: 0, said: stderr });
  });

  for (const [exitCode, stderr] of [
    [127, "sh: 1: nsenter: not found"],
    [1, "sudo: nsenter: command not found"],
    [127, "there is neither ping nor bash"],
  ] as const) {
    it(`cannot be sent where the host says "${stderr}"`, async () => {
      assert.deepEqual(await ended({ exitCode, stderr }), {
        unable: `the host needs nsenter, and ping or bash: ${stderr}`,
      });
    });
  }
});
