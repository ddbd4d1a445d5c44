import assert from "node:assert/strict";
import { parseAnswers } from "../../../provider/proof/answers";

describe("what a sandbox's packets came to", () => {
  it("is read of iputils' ping, with the packets in a row after the first answer", () => {
    const said =
      "PING 10.200.0.4 (10.200.0.4) 1422(1450) bytes of data. --- 10.200.0.4 ping statistics --- 2 packets transmitted, 1 received, 50% packet loss, time 100ms";
    const answer = (received: number) => {
      const burst = `--- 10.200.0.4 ping statistics --- 101 packets transmitted, ${received} received, x% packet loss`;
      return parseAnswers(`10.200.0.4 ${said} --burst-- ${burst}\n`).get("10.200.0.4");
    };
    assert.deepEqual(answer(93), { answered: true, sent: 2, burst: { sent: 100, received: 93 }, said });
    for (const received of [100, 101]) {
      assert.deepEqual(answer(received)?.burst, { sent: 100, received: 100 }, "the last is not waited for");
    }
  });

  it("is read of busybox' ping", () => {
    const [answered, silent] = ["1", "0"].map((count) =>
      parseAnswers(`10.200.0.4 2 packets transmitted, ${count} packets received, x% packet loss\n`).get("10.200.0.4"),
    );
    assert.deepEqual([answered?.answered, silent?.answered], [true, false]);
  });

  it("is no answer where the command says something else", () => {
    const answers = parseAnswers(
      "10.200.0.4 nsenter: cannot open /var/run/docker/netns/x: No such file or directory\n",
    );
    assert.equal(answers.get("10.200.0.4")?.answered, false);
  });
});
