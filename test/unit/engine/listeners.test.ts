import assert from "node:assert/strict";
import { parseListeners } from "../../../provider/engine/listeners";

const HEADER = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const row = (local: string, state = "0A") =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 0 0 1\n`;

describe("what listens on a host", () => {
  it("is read from the kernel's tables, of IPv4 and IPv6", () => {
    const text =
      HEADER +
      row("01064D0A:2134") +
      row("0100007F:2134") +
      row("00000000:0016") +
      HEADER +
      row("00000000000000000000000000000000:094B") +
      row("0000000000000000FFFF000001064D0A:0885");
    assert.deepEqual(parseListeners(text), [
      { address: "10.77.6.1", port: 8500 },
      { address: "127.0.0.1", port: 8500 },
      { address: "0.0.0.0", port: 22 },
      { address: "0.0.0.0", port: 2379 },
      { address: "10.77.6.1", port: 2181 },
    ]);
  });

  it("is not a connection, nor what only IPv6 reaches", () => {
    const text = row("01064D0A:2134", "01") + row("000080FE00000000FF005450B6AD1DFE:2134") + row("nonsense");
    assert.deepEqual(parseListeners(text), []);
  });
});
