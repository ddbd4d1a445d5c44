import assert from "node:assert/strict";
import { Mesh } from "../../../provider/proof/mesh";
import type { Subject } from "../../../provider/proof/proof";
import type { Connection } from "../../../provider/ssh/connection";
import { Deadline } from "../../../provider/wait";
import { FakeDocker } from "../../helpers/fakeDocker";
import { FakeHost } from "../../helpers/fakeHost";
import { fakeRun } from "../../helpers/fakeRun";

const NETWORK = "n".repeat(64);
const ADDRESSES = ["10.77.0.1", "10.77.0.2", "10.77.0.3"];

/** Three hosts, and which addresses on the network answer whom. */
function world(answers: (from: string, to: string) => boolean = () => true) {
  const asked: string[] = [];
  const tries: { to: string; patience: string }[] = [];
  const patience = (address: string) => tries.filter(({ to }) => to === address).map((one) => one.patience);
  const dockers = ADDRESSES.map((address) => new FakeDocker({ address }));
  const hostOf = (address: string) =>
    new FakeHost(
      {
        "sh -c": ([, , , , , , ...targets]) => {
          const addresses = targets.filter((_, i) => i % 3 === 0);
          for (let i = 0; i < targets.length; i += 3) tries.push({ to: targets[i]!, patience: targets[i + 2]! });
          asked.push(`${address}: ${addresses.join(" ")}`);
          const line = (to: string) => `${to} 1 packets transmitted, ${answers(address, to) ? 1 : 0} received`;
          return `${addresses.map(line).join("\n")}\n`;
        },
      },
      address,
    );
  const { run } = fakeRun(
    Object.fromEntries(ADDRESSES.map((address, i) => [address, { docker: dockers[i]!, host: hostOf(address) }])),
  );
  run.peers.meet({ name: "ov", connections: ADDRESSES.map((host) => ({ host })) });
  const mesh = new Mesh(run, { id: NETWORK, name: "ov", packet: 1450 });
  let count = 0;
  /** A container that runs on a host, of this stack or of another. */
  const join = async (
    host: number,
    name: string,
    labels: Record<string, string> = { ours: "yes" },
  ): Promise<Subject> => {
    const docker = dockers[host - 1]!;
    const { Id } = await docker.containers.create(name, { Image: "busybox:1.35", Labels: labels });
    const container = docker.containersById.get(Id)!;
    const [endpoint] = Object.values(container.NetworkSettings.Networks);
    count++;
    Object.assign(endpoint!, { NetworkID: NETWORK, EndpointID: `e${count}`, IPAddress: `10.200.0.${count}` });
    Object.assign(endpoint!, { MacAddress: `02:42:0a:c8:00:0${count}` });
    container.State.Running = true;
    const connection = { host: ADDRESSES[host - 1]! } as Connection;
    const subject = { host: connection.host, connection, container: Id, name, isOurs: (l: object) => "ours" in l };
    if ("ours" in labels) mesh.enter(subject, new Deadline(60_000));
    return subject;
  };
  return { mesh, join, asked, patience, dockers };
}

describe("the ways of a network", () => {
  it("are proven by one command on each host, which sends to all that it is not known to reach", async () => {
    const { mesh, join, asked } = world();
    for (const [host, name] of [
      [1, "a"],
      [1, "b"],
      [2, "c"],
      [3, "d"],
    ] as const)
      await join(host, name);
    await mesh.look();
    assert.deepEqual(asked.sort(), [
      "10.77.0.1: 10.200.0.3 10.200.0.4",
      "10.77.0.2: 10.200.0.1 10.200.0.2 10.200.0.4",
      "10.77.0.3: 10.200.0.1 10.200.0.2 10.200.0.3",
    ]);
    assert.deepEqual(mesh.open(), []);
    await mesh.look();
    assert.equal(asked.length, 3, "what is proven is not asked again");
  });

  it("are completed by who comes later, from its host to all and from all to it", async () => {
    const { mesh, join, asked } = world();
    await join(1, "a");
    await mesh.look();
    assert.deepEqual(asked, [], "there is nobody else yet, and nobody is waited for");
    const late = await join(2, "b");
    await mesh.look();
    assert.deepEqual(asked.sort(), ["10.77.0.1: 10.200.0.2", "10.77.0.2: 10.200.0.1"]);
    assert.deepEqual(mesh.openWaysOf(late.container), []);
  });

  it("are looked at once for all who ask while a look goes on", async () => {
    const { mesh, join, asked } = world((_from, to) => to !== "10.200.0.2");
    await join(1, "a");
    await join(2, "b");
    await Promise.all([mesh.look(), mesh.look(), mesh.look(), mesh.look()]);
    // The first look, and one more for the three others, which asks again only what is open.
    assert.deepEqual(asked, ["10.77.0.1: 10.200.0.2", "10.77.0.2: 10.200.0.1", "10.77.0.1: 10.200.0.2"]);
  });

  it("stay open where nobody answers, for both ends of them", async () => {
    const { mesh, join } = world((from, to) => !(from === "10.77.0.1" && to === "10.200.0.2"));
    const [a, b, c] = [await join(1, "a"), await join(2, "b"), await join(3, "c")];
    await mesh.look();
    const open = (subject: Subject) =>
      mesh.openWaysOf(subject.container).map(({ from, to }) => `${from} to ${to.name}`);
    assert.deepEqual([open(a), open(b), open(c)], [["10.77.0.1 to b"], ["10.77.0.1 to b"], []]);
  });

  it("to others' containers are tried twice, and from them not at all", async () => {
    const { mesh, join, asked } = world((_from, to) => to !== "10.200.0.2");
    await join(1, "a");
    await join(2, "theirs", {});
    for (let i = 0; i < 4; i++) await mesh.look();
    assert.deepEqual(asked, ["10.77.0.1: 10.200.0.2", "10.77.0.1: 10.200.0.2"]);
  });

  it("are tried for longer in the last look, where they stayed silent twice, since hosts may be busy", async () => {
    const { mesh, join, patience } = world((_from, to) => to !== "10.200.0.2");
    await join(1, "a");
    await join(2, "b");
    for (let i = 0; i < 4; i++) {
      mesh.isPatient = i !== 2;
      await mesh.look();
    }
    assert.deepEqual(patience("10.200.0.2"), ["", "", "", "4"]);
  });

  it("begin anew with an endpoint that is", async () => {
    const { mesh, join, asked, dockers } = world();
    await join(1, "a");
    const { container } = await join(2, "b");
    await mesh.look();
    const [endpoint] = Object.values(dockers[1]!.containersById.get(container)!.NetworkSettings.Networks);
    endpoint!.EndpointID = "another";
    await mesh.look();
    assert.deepEqual(asked.slice(2), ["10.77.0.1: 10.200.0.2"]);
  });

  it("of a host that cannot be asked are left out, and that is known", async () => {
    const { mesh, join, asked, dockers } = world();
    await join(1, "a");
    await join(2, "b");
    dockers[2]!.containers.list = async () => {
      throw dockers[2]!.refuse("list containers", 404, "x");
    };
    const list = dockers[2]!.containers.list;
    dockers[2]!.containers.list = () =>
      list().catch((error) => Promise.reject(Object.assign(error, { code: "docker-not-there" })));
    await mesh.look();
    assert.equal(asked.length, 2);
    assert.deepEqual([...mesh.unreached.keys()], ["10.77.0.3"]);
  });
});
