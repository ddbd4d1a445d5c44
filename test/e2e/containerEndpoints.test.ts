import assert from "node:assert/strict";
import { Lab } from "../../lab";
import type { Container } from "../../provider/docker/containerTypes";
import { CONTAINERS_PROGRAM, inspectAll, type WantedContainer } from "../helpers/containersProgram";
import { changes, TestProgram } from "../helpers/twoHosts";

/** Endpoints come, go and change, and the container that has them keeps running; networks are made by hand here. */
describe("the endpoints of a running Container", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;
  let id: string;

  const docker = async (...words: string[]) => {
    const { stdout, stderr, exitCode } = await lab.host(1).ssh(["docker", ...words]);
    assert.equal(exitCode, 0, `docker ${words.join(" ")}: ${stderr}`);
    return stdout;
  };
  const want = (networksAdvanced: unknown[], more: object = {}) => {
    const command = ["sleep", "100000"];
    const web: WantedContainer = { name: "web", host: 0, image: "busybox:1.35", command, networksAdvanced, ...more };
    return program.write("containers.json", JSON.stringify([web]));
  };
  const web = async () => (await inspectAll(lab)).get("web") as Container;
  /** `up`, as an update of the container that runs. */
  const updated = async () => {
    assert.deepEqual(changes(await program.stack.up()), { "Container web": "update" });
    const now = await web();
    assert.deepEqual([now.Id, now.State.Running, now.RestartCount], [id, true, 0]);
    return now.NetworkSettings.Networks;
  };
  const unchanged = async () => {
    assert.deepEqual(changes(await program.stack.refresh()), {});
    assert.deepEqual(changes(await program.stack.up()), {});
  };
  const outputs = async () => {
    const { deployment } = JSON.parse(await program.stack.exportState()) as {
      deployment: { resources: { type: string; outputs: Record<string, unknown> }[] };
    };
    return deployment.resources.find(({ type }) => type.includes("crosshost:Container"))!.outputs;
  };
  const front = { name: "front", aliases: ["web"], ipv4Address: "10.91.0.80" };

  before(async () => {
    lab = await Lab.start({ hosts: 1, name: "e2e-container-endpoints" });
    await docker("network", "create", "--subnet", "10.91.0.0/24", "front");
    await docker("network", "create", "--subnet", "10.92.0.0/24", "back");
    await docker("network", "create", "--ipv6", "--subnet", "10.93.0.0/24", "--subnet", "fd93::/64", "six");
    await docker("network", "create", "chosen");
    await docker("run", "-d", "--name", "peer", "--network", "front", "busybox:1.35", "sleep", "100000");
    program = await TestProgram.create(lab, CONTAINERS_PROGRAM);
    await want([front]);
    await program.stack.up();
    id = (await web()).Id;
  });
  after(async () => {
    await program?.stack.destroy();
    await lab?.stop();
    await program?.remove();
  });

  it("are told in the words of the network model, as they are inside", async () => {
    const { NetworkSettings, State } = await web();
    const endpoint = NetworkSettings.Networks.front!;
    assert.equal(endpoint.IPAddress, "10.91.0.80");
    const { sandbox, endpoints, state } = await outputs();
    assert.equal(state, "running");
    assert.deepEqual(sandbox, { id: NetworkSettings.SandboxID, key: NetworkSettings.SandboxKey });
    const inside = await docker("exec", "web", "ip", "-o", "addr", "show", "to", "10.91.0.80");
    assert.deepEqual(endpoints, [
      {
        network: "front",
        id: endpoint.EndpointID,
        interface: /^\d+: (\w+)/.exec(inside)![1],
        address: "10.91.0.80",
        macAddress: endpoint.MacAddress,
        gateway: "10.91.0.1",
        host: lab.host(1).address,
      },
    ]);
    assert.ok(State.Pid > 0);
  });

  it("come and go while connections over the others lose nothing", async () => {
    const stream = docker("exec", "peer", "ping", "-i", "0.1", "-c", "250", "-W", "1", "10.91.0.80");
    await want([front, { name: "back" }, { name: "six", aliases: ["www"], ipv6Address: "FD93:0::80" }]);
    assert.deepEqual(changes(await program.stack.preview()), { "Container web": "update" });
    const networks = await updated();
    assert.deepEqual(Object.keys(networks).sort(), ["back", "front", "six"]);
    await unchanged();
    assert.equal(networks.six!.GlobalIPv6Address, "fd93::80");
    assert.ok(networks.six!.Aliases!.includes("www"));
    await want([front, { name: "six", aliases: ["www", "six"], ipv6Address: "fd93::81" }]);
    const changed = await updated();
    assert.deepEqual(Object.keys(changed).sort(), ["front", "six"]);
    assert.equal(changed.six!.GlobalIPv6Address, "fd93::81");
    assert.equal(changed.six!.IPAddress, networks.six!.IPAddress);
    assert.match(await stream, /250 packets transmitted, 250 packets received, 0% packet loss/);
  });

  it("resolve names all the while, also when the container's first network goes", async () => {
    const resolves = () => docker("exec", "web", "nslookup", "peer");
    await want([front, { name: "back" }]);
    await updated();
    await resolves();
    await docker("network", "connect", "back", "peer");
    await want([{ name: "back" }]);
    const networks = await updated();
    assert.deepEqual(Object.keys(networks), ["back"]);
    await resolves();
    assert.match(await docker("exec", "web", "ip", "route"), /default via 10\.92\.0\.1 /);
  });

  it("join again at their address, or at one of Docker's choice where it fixes none; a container renamed has its name again", async () => {
    await want([{ name: "back", aliases: ["a"] }, { name: "chosen" }]);
    const before = await updated();
    await docker("rename", "web", "other");
    await want([
      { name: "back", aliases: ["b"] },
      { name: "chosen", aliases: ["c"] },
    ]);
    const after = await updated();
    assert.equal(after.back!.IPAddress, before.back!.IPAddress);
    assert.ok(after.chosen!.Aliases!.includes("c"));
  });

  it("are on Docker's own network where no other is wanted", async () => {
    await want([]);
    assert.deepEqual(Object.keys(await updated()), ["bridge"]);
  });

  it("have a MAC address for the container's life on an engine that knows one for each container", async () => {
    const macAddress = "02:00:00:00:00:77";
    await want([{ name: "back" }, { ...front, macAddress }]);
    assert.match(changes(await program.stack.up())["Container web"]!, /replace/);
    const { NetworkSettings, Id } = await web();
    assert.equal(NetworkSettings.Networks.front!.MacAddress, macAddress);
    id = Id;
    await want([{ name: "six" }, { ...front, macAddress }]);
    assert.equal((await updated()).front!.MacAddress, macAddress);
    await want([{ ...front, macAddress, gwPriority: 5 }]);
    const { stdout } = await program.stack.up({ mustSucceed: false });
    assert.match(stdout, /`networksAdvanced\[0\]\.gwPriority` needs Docker 28; its engine speaks API 1\.41/);
  });

  it("that somebody took away or added by hand are found by refresh, and put right by up", async () => {
    await want([front]);
    await program.stack.up();
    id = (await web()).Id;
    await docker("network", "disconnect", "front", "web");
    await docker("network", "connect", "back", "web");
    await docker("pause", "web");
    assert.deepEqual(changes(await program.stack.refresh()), { "Container web": "update" });
    const networks = await updated();
    assert.deepEqual(Object.keys(networks), ["front"]);
    assert.equal(networks.front!.IPAddress, "10.91.0.80");
    assert.equal((await web()).State.Paused, false);
    await unchanged();
  });
});
