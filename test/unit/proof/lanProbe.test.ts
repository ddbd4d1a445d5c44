import assert from "node:assert/strict";
import { askOnLan, parseAnswer } from "../../../provider/proof/lanProbe";
import { FakeHost } from "../../helpers/fakeHost";

const nothing = { link: "eth0", isAnswered: false, mac: undefined, isFresh: false, unable: undefined };

describe("an answer on the LAN", () => {
  it("is a ping's, with the MAC address that the kernel has for it", () => {
    const output = "link=eth0\nfresh=yes\nanswered=yes\nmac=02:42:0A:4d:00:40\nstate=REACHABLE\n";
    assert.deepEqual(parseAnswer(output), {
      ...{ link: "eth0", isAnswered: true, mac: "02:42:0a:4d:00:40", isFresh: true, unable: undefined },
    });
  });

  it("is none where the kernel has asked in vain, whatever it knew before", () => {
    assert.deepEqual(parseAnswer("link=eth0\nmac=02:42:0a:4d:00:40\nstate=FAILED\n"), nothing);
    assert.deepEqual(parseAnswer("link=eth0\nstate=INCOMPLETE\n"), nothing);
    assert.deepEqual(parseAnswer("link=eth0\n"), nothing);
  });

  it("cannot be had from a host without a ping or an address there", () => {
    assert.equal(parseAnswer("link=eth0\nunable=it has no ping\n").unable, "it has no ping");
    assert.equal(parseAnswer("unable=it has no address in that subnet\n").link, undefined);
  });

  it("is asked for by one command, over the given interface or the one that routes say", async () => {
    const host = new FakeHost({ "sh -c": "link=eth1\nanswered=yes\n" });
    assert.equal((await askOnLan(host, "10.77.0.64", { link: "eth1", tenths: 3 })).isAnswered, true);
    await askOnLan(host, "10.77.0.64", { tenths: 20 });
    assert.deepEqual(
      host.commands.map((command) => command.split("\n").at(-1)),
      [" sh 10.77.0.64 eth1 3", " sh 10.77.0.64  20"],
    );
  });
});
