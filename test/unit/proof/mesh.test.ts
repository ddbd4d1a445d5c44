import assert from "node:assert/strict";
import { LostConnection } from "../../../provider/lostConnection";
import type { Subject } from "../../../provider/proof/proof";
import type { FakeDocker } from "../../helpers/fakeDocker";
import { meshWorld } from "../../helpers/meshWorld";

describe("the ways of a network", () => {
  it("are proven by at most one command on each host, which sends to all that it is not known to reach", async () => {
    const { mesh, join, asked } = meshWorld();
    for (const [host, name] of [
      [1, "a"],
      [1, "b"],
      [2, "c"],
      [3, "d"],
    ] as const)
      await join(host, name);
    await mesh.look();
    // What an answer proves of the way back is not asked again.
    assert.deepEqual(asked, ["10.77.0.2: 10.200.0.1 10.200.0.2 10.200.0.4", "10.77.0.3: 10.200.0.1 10.200.0.2"]);
    assert.deepEqual(mesh.open(), []);
    await mesh.look();
    assert.equal(asked.length, 2, "what is proven is not asked again");
  });

  it("to and from who comes later are proven by packets from there, one to each host that is known to reach the others", async () => {
    const { mesh, join, asked, listed } = meshWorld();
    await join(1, "a");
    await mesh.look();
    assert.deepEqual(asked, [], "there is nobody else yet, and nobody is waited for");
    await join(1, "b");
    await join(2, "c");
    await join(3, "d");
    await mesh.look();
    asked.length = 0;
    listed.length = 0;
    const late = await join(2, "e");
    await mesh.look();
    assert.deepEqual(asked, ["10.77.0.2: 10.200.0.1 10.200.0.4"]);
    assert.deepEqual(listed, [], "its engine has shown it");
    assert.deepEqual(mesh.openWaysOf(late.container), []);
  });

  describe("while packets are under way", () => {
    /** Packets from a host are held back until `land`. */
    function holding(host: string, answers = () => true) {
      let land = () => {};
      const landing = new Promise<void>((resolve) => {
        land = resolve;
      });
      const flight = async (from: string) => {
        if (from === host) await landing;
      };
      return { ...meshWorld({ flight, answers }), land: () => land() };
    }
    const sent = () => new Promise(setImmediate);

    it("those of who comes meanwhile are sent, too", async () => {
      const { mesh, join, asked, land } = holding("10.77.0.3");
      const a = await join(1, "a");
      await join(2, "b");
      await mesh.look(a.container);
      const looks = [mesh.look((await join(3, "c")).container)];
      await sent();
      asked.length = 0;
      const d = await join(2, "d");
      looks.push(mesh.look(d.container));
      await sent();
      assert.deepEqual(asked, ["10.77.0.2: 10.200.0.1 10.200.0.3"]);
      assert.equal(mesh.roster.has(d.container), true);
      land();
      await Promise.all(looks);
      assert.deepEqual(mesh.open(), []);
    });

    it("are tried again where they were sent before it was asked, and are silent", async () => {
      const { mesh, join, asked, land } = holding("10.77.0.1", () => false);
      const a = await join(1, "a");
      await join(2, "b");
      await join(3, "c");
      const before = mesh.look();
      await sent();
      const now = mesh.look(a.container);
      await sent();
      const { length } = asked;
      land();
      await Promise.all([before, now]);
      assert.deepEqual(asked.slice(length).sort(), [
        "10.77.0.1: 10.200.0.2 10.200.0.3",
        "10.77.0.2: 10.200.0.1",
        "10.77.0.3: 10.200.0.1",
      ]);
    });
  });

  it("are those of an endpoint that was connected anew while packets were under way", async () => {
    let land = () => {};
    const landing = new Promise<void>((resolve) => {
      land = resolve;
    });
    let held = 0;
    const { mesh, join, dockers, asked } = meshWorld({ flight: () => (held++ === 0 ? landing : Promise.resolve()) });
    const a = await join(1, "a");
    const b = await join(2, "b");
    const look = mesh.look(a.container);
    await new Promise(setImmediate);
    const [endpoint] = Object.values(dockers[1]!.containersById.get(b.container)!.NetworkSettings.Networks);
    endpoint!.EndpointID = "anew";
    mesh.roster.expire("10.77.0.2");
    await join(3, "c");
    const other = mesh.look();
    await new Promise(setImmediate);
    land();
    await Promise.all([look, other]);
    assert.ok(mesh.roster.endpoints.some(({ id }) => id === "anew"));
    assert.ok(asked.filter((line) => /^10.77.0.1: .*10.200.0.2|^10.77.0.2: .*10.200.0.1/.test(line)).length > 1);
    assert.deepEqual(mesh.openWaysOf(a.container), []);
  });

  it("are tried again by another of the host where the one whose turn it was turns out to send nothing", async () => {
    const { mesh, join, dockers } = meshWorld({ isNobody: ["10.77.0.1"], answers: () => false });
    const able = await join(1, "able");
    await join(2, "b");
    const bare = await join(1, "bare");
    const execs: string[] = [];
    dockers[0]!.containers.exec = async (id, command) => {
      execs.push(id === able.container ? "able" : "bare");
      if (id !== able.container) return { stdout: "", stderr: "there is none", exitCode: 127 };
      const line = (address: string) => `${address} 1 packets transmitted, 0 received\n`;
      return { stdout: command.slice(5).map(line).join(""), stderr: "", exitCode: 0 };
    };
    await mesh.look(bare.container);
    const before = mesh.openWaysOf(bare.container).map(({ from, failures }) => [from, failures]);
    execs.length = 0;
    await mesh.look(bare.container);
    const after = mesh.openWaysOf(bare.container).map(({ from, failures }) => [from, failures]);
    assert.ok(execs.includes("able"), String(execs));
    assert.deepEqual(
      after,
      before.map(([from, failures]) => [from, Number(failures) + 1]),
    );
  });

  it("are looked at once for all who ask while a look goes on", async () => {
    const { mesh, join, asked } = meshWorld({ answers: (_from, to) => to !== "10.200.0.2" });
    await join(1, "a");
    await join(2, "b");
    await Promise.all([mesh.look(), mesh.look(), mesh.look(), mesh.look()]);
    // The first look, and one more for the three others, which asks what is open, from both ends.
    assert.deepEqual(asked, ["10.77.0.1: 10.200.0.2", "10.77.0.1: 10.200.0.2", "10.77.0.2: 10.200.0.1"]);
  });

  it("are taken from others of the host, where those who come cannot send themselves", async () => {
    const { mesh, join, asked } = meshWorld({ cannotSend: ["10.77.0.2"] });
    await join(1, "a");
    await join(3, "b");
    await mesh.look();
    asked.length = 0;
    const late = await join(2, "c");
    await mesh.look();
    assert.deepEqual(asked, ["10.77.0.1: 10.200.0.3", "10.77.0.3: 10.200.0.3"]);
    assert.deepEqual([mesh.openWaysOf(late.container), [...mesh.unable.keys()]], [[], ["10.77.0.2"]]);
  });

  it("are proven by others, where nobody is root and a container has no ping; its host is not given up for that", async () => {
    const { mesh, join, dockers, asked } = meshWorld({ isNobody: ["10.77.0.2"] });
    const able = await join(2, "able");
    await join(1, "a");
    await join(3, "b");
    const execs: string[] = [];
    const { containers } = dockers[1]!;
    containers.exec = async (id, command) => {
      execs.push(id === able.container ? "able" : "bare");
      if (id !== able.container) return { stdout: "", stderr: "there is none", exitCode: 127 };
      const line = (address: string) => `${address} 1 packets transmitted, 1 received\n`;
      return { stdout: command.slice(5).map(line).join(""), stderr: "", exitCode: 0 };
    };
    await mesh.look();
    asked.length = 0;
    const bare = await join(2, "bare");
    await mesh.look();
    assert.deepEqual([execs.at(-1), asked], ["bare", ["10.77.0.1: 10.200.0.4", "10.77.0.3: 10.200.0.4"]]);
    assert.deepEqual([mesh.openWaysOf(bare.container), [...mesh.unable]], [[], []]);
  });

  it("stay open where nobody answers, for both ends of them", async () => {
    const { mesh, join } = meshWorld({ answers: (from, to) => !(from === "10.77.0.1" && to === "10.200.0.2") });
    const [a, b, c] = [await join(1, "a"), await join(2, "b"), await join(3, "c")];
    // What came of the first packet may be the way there or the one back.
    await mesh.look();
    await mesh.look();
    const open = (subject: Subject) =>
      mesh.openWaysOf(subject.container).map(({ from, to }) => `${from} to ${to.name}`);
    assert.deepEqual([open(a), open(b), open(c)], [["10.77.0.1 to b"], ["10.77.0.1 to b"], []]);
  });

  it("are not proven by an answer after which all packets are lost", async () => {
    let received = 0;
    const burst = () => ` --burst-- 101 packets transmitted, ${received} received`;
    const { mesh, join } = meshWorld({ burst });
    const { container } = await join(1, "a");
    await join(2, "b");
    await mesh.look();
    assert.equal(mesh.openWaysOf(container).length, 2);
    assert.deepEqual(mesh.losses, []);
    received = 93;
    await mesh.look();
    assert.deepEqual(mesh.open(), []);
    assert.deepEqual(mesh.losses, [{ from: "10.77.0.1", to: "10.77.0.2", sent: 100, received: 93 }]);
  });

  it("to others' containers are tried three times, and from them not at all", async () => {
    const { mesh, join, asked } = meshWorld({ answers: (_from, to) => to !== "10.200.0.2" });
    await join(1, "a");
    await join(2, "theirs", {});
    for (let i = 0; i < 4; i++) await mesh.look();
    assert.deepEqual(asked, Array(3).fill("10.77.0.1: 10.200.0.2"));
  });

  it("are tried for a glance first, and for longer in the last look, where they stayed silent, since hosts may be busy", async () => {
    const { mesh, join, patience } = meshWorld({ answers: (_from, to) => to !== "10.200.0.2" });
    await join(1, "a");
    await join(2, "b");
    for (let i = 0; i < 4; i++) {
      await mesh.look(undefined, { isPatient: i !== 2 });
    }
    const hurried = "0.4 0.8";
    assert.deepEqual(patience("10.200.0.2"), ["", hurried, hurried, `${hurried} 4`]);
    await mesh.look();
    assert.deepEqual(
      mesh.open().map(({ wasPatient }) => wasPatient),
      [true],
      "once is enough",
    );
    mesh.beginAnew();
    assert.deepEqual(
      mesh.open().map(({ wasPatient }) => wasPatient),
      [false],
      "until something was done about it",
    );
  });

  it("begin anew with an endpoint that is", async () => {
    const { mesh, join, asked, dockers } = meshWorld();
    await join(1, "a");
    const { container } = await join(2, "b");
    await mesh.look();
    const [endpoint] = Object.values(dockers[1]!.containersById.get(container)!.NetworkSettings.Networks);
    endpoint!.EndpointID = "another";
    mesh.roster.expire("10.77.0.2");
    await mesh.look();
    assert.deepEqual(asked, ["10.77.0.1: 10.200.0.2", "10.77.0.1: 10.200.0.2"]);
  });

  it("of a host that cannot be asked are left out, and that is known", async () => {
    const { mesh, join, asked, dockers } = meshWorld();
    await join(1, "a");
    await join(2, "b");
    dockers[2]!.containers.list = async () => {
      throw dockers[2]!.refuse("list containers", 404, "x");
    };
    const list = dockers[2]!.containers.list;
    dockers[2]!.containers.list = () =>
      list().catch((error) => Promise.reject(Object.assign(error, { code: "docker-not-there" })));
    await mesh.look();
    assert.equal(asked.length, 1);
    assert.deepEqual([...mesh.roster.unreached.keys()], ["10.77.0.3"]);
  });

  it("of a host whose connection is lost are tried once more, in the same look", async () => {
    const { mesh, join, asked, dockers } = meshWorld();
    await join(1, "a");
    const b = await join(2, "b");
    failOnce(dockers[1]!, lostConnection(2));
    await mesh.look();
    assert.deepEqual([mesh.roster.has(b.container), asked], [true, ["10.77.0.1: 10.200.0.2"]]);
    assert.deepEqual([...mesh.roster.unreached], []);
  });

  it("of a host whose connection is lost again are left out, and that is known", async () => {
    const { mesh, join, asked, dockers } = meshWorld();
    const a = await join(1, "a");
    const b = await join(2, "b");
    dockers[1]!.containers.list = async () => {
      throw lostConnection(2);
    };
    await mesh.look();
    assert.deepEqual([mesh.roster.has(a.container), mesh.roster.has(b.container), asked], [true, false, []]);
    assert.deepEqual([...mesh.roster.unreached], [["10.77.0.2", "list containers: the SSH connection was lost"]]);
  });

  it("of a host that is lost while packets are sent from it are tried once more", async () => {
    const { mesh, join, asked, dockers } = meshWorld();
    await join(1, "a", { ours: "yes" }, { isShown: false });
    await join(2, "b");
    dockers[0]!.interrupt(/^inspect container/, lostConnection(1));
    await mesh.look();
    assert.deepEqual([mesh.open(), asked], [[], ["10.77.0.1: 10.200.0.2"]]);
  });

  it("are not taken from a list in which an address is that has come to another host", async () => {
    const { mesh, join, asked, dockers } = meshWorld();
    await join(2, "stays");
    const leaves = await join(2, "leaves");
    await join(1, "a");
    await mesh.look();
    const [moved] = Object.values(dockers[1]!.containersById.get(leaves.container)!.NetworkSettings.Networks);
    dockers[1]!.containersById.get(leaves.container)!.State.Running = false;
    await join(3, "came", { ours: "yes" }, { address: moved!.IPAddress });
    asked.length = 0;
    await mesh.look();
    assert.deepEqual(asked, ["10.77.0.3: 10.200.0.3 10.200.0.1"]);
    assert.equal(mesh.roster.has(leaves.container), false);
  });

  it("to one that has joined are not lost to a list that was begun before", async () => {
    const { mesh, join, asked, listed, dockers } = meshWorld();
    await join(1, "a");
    await join(3, "b");
    await mesh.look();
    mesh.roster.expire("10.77.0.2");
    const { containers } = dockers[1]!;
    const { list } = containers;
    containers.list = async (...options) => {
      const found = await list(...options);
      await join(2, "late");
      containers.list = list;
      return found;
    };
    asked.length = listed.length = 0;
    await mesh.look();
    assert.deepEqual([asked, listed], [[], ["10.77.0.2"]]);
    await mesh.look();
    assert.deepEqual([asked, listed], [["10.77.0.2: 10.200.0.1 10.200.0.2"], ["10.77.0.2"]]);
  });

  it("to one that has ended since it joined are no more, once its silence was looked at", async () => {
    const { mesh, join, dockers } = meshWorld({ answers: (_from, to) => to !== "10.200.0.2" });
    await join(1, "a");
    await mesh.look();
    const ended = await join(2, "ended");
    dockers[1]!.containersById.get(ended.container)!.State.Running = false;
    await mesh.look();
    assert.equal(mesh.openWaysOf(ended.container).length, 2);
    await mesh.look();
    assert.deepEqual([mesh.open(), mesh.roster.has(ended.container)], [[], false]);
  });

  it("of hosts that answer and where nobody joined need no list of their containers, whoever else is silent", async () => {
    const { mesh, join, listed } = meshWorld({ answers: (_from, to) => to !== "10.200.0.2" });
    await join(1, "a");
    await join(2, "theirs", {});
    for (let i = 0; i < 3; i++) await mesh.look();
    listed.length = 0;
    await mesh.look();
    assert.deepEqual(listed, []);
  });

  it("are asked from a sandbox that is known without asking for it", async () => {
    const { mesh, join, dockers } = meshWorld();
    await join(1, "a");
    await join(2, "b");
    for (const { containers } of dockers) containers.inspect = () => assert.fail("it is known");
    await mesh.look();
    assert.deepEqual(mesh.open(), []);
  });

  it("to a container that has no proof of its own are seen by those of others", async () => {
    const { mesh, join, listed, asked } = meshWorld();
    await join(1, "a");
    await join(2, "b");
    await mesh.look();
    await join(2, "off", { ours: "yes" }, { isEntered: false });
    mesh.roster.expire("10.77.0.2");
    listed.length = 0;
    await mesh.look();
    assert.deepEqual([listed, asked.at(-1)], [["10.77.0.2"], "10.77.0.1: 10.200.0.3"]);
  });

  it("are open no more from a host that turns out to send nothing", async () => {
    let isFirst = true;
    const answers = () => !isFirst;
    const { mesh, join } = meshWorld({ answers, cannotSend: ["10.77.0.2"] });
    const a = await join(1, "a");
    await join(2, "b");
    await mesh.look();
    assert.equal(mesh.openWaysOf(a.container).length, 2);
    isFirst = false;
    await mesh.look();
    assert.deepEqual(mesh.openWaysOf(a.container), []);
  });

  it("are looked at on the same hosts again where a list failed", async () => {
    const { mesh, join, listed, dockers } = meshWorld();
    await join(1, "a");
    await join(2, "b");
    await mesh.look();
    for (const host of ["10.77.0.1", "10.77.0.2", "10.77.0.3"]) mesh.roster.expire(host);
    failOnce(dockers[1]!, new Error("broken"));
    await assert.rejects(mesh.look(), /broken/);
    listed.length = 0;
    await mesh.look();
    assert.deepEqual(listed.sort(), ["10.77.0.1", "10.77.0.2", "10.77.0.3"]);
  });
});

/** Fails the next list of containers. */
function failOnce({ containers }: FakeDocker, error: Error): void {
  const { list } = containers;
  containers.list = async () => {
    containers.list = list;
    throw error;
  };
}

function lostConnection(host: number): LostConnection {
  return new LostConnection(`host 10.77.0.${host}: list containers: the SSH connection was lost`, undefined);
}
