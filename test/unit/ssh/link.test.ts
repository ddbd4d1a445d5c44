import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Client, ClientChannel } from "ssh2";
import { CrosshostError } from "../../../provider/errors";
import { Link } from "../../../provider/ssh/link";

describe("a channel that a host is asked for", () => {
  const link = () => new Link(new EventEmitter() as Client, "10.77.0.1");
  const explain = (reason: string) => new CrosshostError(reason, { code: "refused" });

  it("is given up when the host neither opens it nor says why not", () =>
    assert.rejects(
      link().openChannel("open it", () => undefined, String, explain, 50),
      {
        code: "timed-out",
        message: "host 10.77.0.1: open it: sshd has not answered for 0.05 s",
      },
    ));

  it("is closed when it comes after that", async () => {
    let isClosed = false;
    const channel = { close: () => (isClosed = true) } as unknown as ClientChannel;
    const opening = link().openChannel(
      "open it",
      (done) => setTimeout(() => done(undefined, channel), 100),
      () => assert.fail("nobody waits for it"),
      explain,
      50,
    );
    await assert.rejects(opening, { code: "timed-out" });
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(isClosed, true);
  });
});
