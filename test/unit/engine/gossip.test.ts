import assert from "node:assert/strict";
import { hasJoinedGossip, isListening } from "../../../provider/engine/gossip";
import { FakeHost } from "../../helpers/fakeHost";

const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const line = (local: string, state: string) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 16731 1 0000000000000000 100 0 0 10 0`;
// 10.77.0.1:7946
const gossip = "01004D0A:1F0A";

describe("whether an engine listens to the gossip", () => {
  it("is read from the kernel's table of sockets", () => {
    assert.equal(
      isListening([head, line("0100007F:0016", "0A"), line(gossip, "0A")].join("\n"), "10.77.0.1", 7946),
      true,
    );
  });

  it("is not so for a connection that merely has that port", () => {
    assert.equal(isListening([head, line(gossip, "01")].join("\n"), "10.77.0.1", 7946), false);
  });

  it("is not so for another address or port", () => {
    const table = [head, line(gossip, "0A")].join("\n");
    assert.equal(isListening(table, "10.77.0.2", 7946), false);
    assert.equal(isListening(table, "10.77.0.1", 7947), false);
    assert.equal(isListening(head, "10.77.0.1", 7946), false);
  });

  it("is asked of the host", async () => {
    const host = new FakeHost({ "cat /proc/net/tcp": `${head}\n${line(gossip, "0A")}\n` });
    assert.equal(await hasJoinedGossip(host, "10.77.0.1"), true);
    assert.equal(await hasJoinedGossip(host, "10.77.0.9"), false);
  });
});
