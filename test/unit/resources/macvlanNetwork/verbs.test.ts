import assert from "node:assert/strict";
import { CrosshostError } from "../../../../provider/errors";
import type { HalfDone } from "../../../../provider/halfDone";
import { macvlanNetwork } from "../../../../provider/resources/macvlanNetwork";
import type { MacvlanNetworkState } from "../../../../provider/resources/macvlanNetwork/inputs";
import { OWNER_LABEL, ownershipLabels } from "../../../../provider/resources/shared/owned";
import { FakeDocker } from "../../../helpers/fakeDocker";
import { fakeRun, fakeTask } from "../../../helpers/fakeRun";
import { checked, connectionTo } from "../../../helpers/inputs";
import { lanHost } from "../../../helpers/lanHost";
import { both, containerOn, hostsOn, inputsWith, news, world } from "./world";

describe("creating a MacvlanNetwork", () => {
  it("makes it on every host, each with its own range", async () => {
    const { one, two, create } = world();
    const state = await create();
    const networks = [await one.networks.inspect("lan"), await two.networks.inspect("lan")];
    assert.deepEqual(
      networks.map(({ Driver, Options, IPAM }) => ({ Driver, Options, IPAM })),
      ["10.77.0.64/28", "10.77.0.80/28"].map((IPRange) => ({
        Driver: "macvlan",
        Options: { parent: "eth0" },
        IPAM: { Config: [{ Subnet: "10.77.0.0/24", Gateway: "10.77.0.254", IPRange }] },
      })),
    );
    assert.equal(networks[0]?.Labels?.[OWNER_LABEL], "lab/dev/lan");
    assert.deepEqual(state.networkIds, { "10.77.0.1": networks[0]?.Id, "10.77.0.2": networks[1]?.Id });
  });

  it("again touches nothing", async () => {
    const { create, settle, mutations } = world();
    const first = await create();
    settle();
    assert.deepEqual(await create(), first);
    assert.deepEqual(mutations(), { one: [], two: [] });
  });

  it("finishes on the host where an interrupted run did not come to it", async () => {
    const { two, create, task, settle, mutations } = world();
    two.interrupt(/^create network/);
    const mine = task();
    await assert.rejects(macvlanNetwork.create(inputsWith(), mine), { message: "interrupted" });
    assert.equal(mine.touched, true);
    settle();
    await create();
    assert.deepEqual(mutations(), { one: [], two: ['create network "lan"'] });
  });

  it("refuses somebody else's of that name, with nothing touched on any host", async () => {
    const { two, create, settle, mutations } = world();
    await two.networks.create({ Name: "lan", Driver: "macvlan" });
    settle();
    await assert.rejects(create(), {
      message: 'host 10.77.0.2: the network "lan" exists already and was not made by this program',
      hint: "remove it, take it over with `adopt: true`, or give this resource another `name`",
    });
    assert.deepEqual(mutations(), { one: [], two: [] });
  });

  it("refuses somebody else's unit of its shim's name, with nothing touched on any host", async () => {
    const { hosts, create, mutations } = world();
    const path = "/etc/systemd/system/crosshost-shim-094a367b.service";
    await hosts[1]!.writeFile(path, "[Unit]\n");
    await assert.rejects(create(inputsWith({ hostAccess: true })), {
      message: `host 10.77.0.2: ${path} is not of this network`,
      hint: "another program has a network of this name there; move the file away, or give the network another `name`",
    });
    assert.deepEqual(mutations(), { one: [], two: [] });
    assert.deepEqual([...hosts[0]!.files.keys()], []);
  });

  it("takes over what is there with `adopt: true`, keeps it when run again, and removes it in the end", async () => {
    const { two, task, settle, mutations } = world();
    const IPAM = { Config: [{ Subnet: "10.77.0.0/24", Gateway: "10.77.0.254", IPRange: "10.77.0.80/28" }] };
    const { Id } = await two.networks.create({ Name: "lan", Driver: "macvlan", IPAM, Options: { parent: "eth0" } });
    settle();
    const adopting = checked(macvlanNetwork, { ...news, adopt: true });
    const state = await macvlanNetwork.create(adopting, task());
    assert.deepEqual([state.networkIds["10.77.0.2"], state.adoptedIds], [Id, [Id]]);
    assert.deepEqual(mutations(), { one: ['create network "lan"'], two: [] });
    settle();
    assert.deepEqual(await macvlanNetwork.update(state, inputsWith({ adopt: false }), task()), {
      ...state,
      adopt: false,
    });
    assert.deepEqual(await macvlanNetwork.read(state, task()), state);
    assert.deepEqual(mutations(), { one: [], two: [] });
    await macvlanNetwork.delete(state, task());
    assert.equal(two.networks.lookUp("lan"), undefined);
  });

  it("lists everything that keeps a network from being taken over, with nothing touched on any host", async () => {
    const { two, task, settle, mutations } = world();
    const IPAM = {
      Config: [{ Subnet: "10.77.0.0/24", IPRange: "10.77.0.96/28", AuxiliaryAddresses: { a: "10.77.0.97" } }],
    };
    const Options = { parent: "eth0", macvlan_mode: "vepa" };
    await two.networks.create({ Name: "lan", Driver: "macvlan", IPAM, Options, Internal: true });
    settle();
    const adopting = checked(macvlanNetwork, { ...news, labels: { team: "net" }, adopt: true });
    await assert.rejects(macvlanNetwork.create(adopting, task()), {
      message:
        'host 10.77.0.2: the network "lan" cannot be taken over, since it is another: `internal` is true there and false here; ' +
        '`ipamConfigs[0]` is {"subnet":"10.77.0.0/24","ipRange":"10.77.0.96/28"} there and {"subnet":"10.77.0.0/24","gateway":"10.77.0.254","ipRange":"10.77.0.80/28"} here; ' +
        '`options["macvlan_mode"]` is "vepa" there and not given here; `labels["team"]` is not given there and "net" here',
    });
    assert.deepEqual(mutations(), { one: [], two: [] });
  });

  it("leaves the network of the version before as it is", async () => {
    const { one, two, task, settle, mutations } = world();
    for (const [docker, IPRange] of [
      [one, "10.77.0.64/28"],
      [two, "10.77.0.80/28"],
    ] as const) {
      const Config = [{ Subnet: "10.77.0.0/24", Gateway: "10.77.0.254", IPRange }];
      const spec = { Name: "lan", Driver: "macvlan", IPAM: { Config }, Options: { parent: "eth0" }, Labels: {} };
      await docker.networks.create({ ...spec, Labels: ownershipLabels({ owner: "lab/dev/lan", spec }) });
    }
    settle();
    await macvlanNetwork.create(inputsWith(), task());
    assert.deepEqual(mutations(), { one: [], two: [] });
  });

  it("makes the shims, and takes them away in place when they are no longer wanted", async () => {
    const { hosts, create, task, settle, mutations } = world();
    const state = await create(inputsWith({ hostAccess: true }));
    const unit = "crosshost-shim-094a367b.service";
    assert.deepEqual(hosts[0]?.commands.slice(-3), [
      "systemctl daemon-reload",
      `systemctl enable ${unit}`,
      `systemctl restart ${unit}`,
    ]);
    settle();
    const without = checked(macvlanNetwork, news, state);
    assert.deepEqual(without.plan, state.plan);
    assert.deepEqual(macvlanNetwork.diff(state, without), { changes: true, replaces: [] });
    const later = await macvlanNetwork.update(state, without, task());
    assert.deepEqual(mutations(), { one: [], two: [] });
    assert.deepEqual(hosts[1]?.commands.slice(-1), [`systemctl reset-failed ${unit}`]);
    // The address stays reserved, so that it comes back in place, too.
    const again = checked(macvlanNetwork, { ...news, hostAccess: true }, later);
    assert.deepEqual(macvlanNetwork.diff(later, again), { changes: true, replaces: [] });
  });
});

describe("updating a MacvlanNetwork", () => {
  it("touches only the host that comes", async () => {
    const { create, task, settle, mutations } = world();
    const olds = await create(inputsWith(hostsOn("10.77.0.1")));
    settle();
    const state = await macvlanNetwork.update(olds, checked(macvlanNetwork, news, olds), task());
    assert.deepEqual(mutations(), { one: [], two: ['create network "lan"'] });
    assert.deepEqual(Object.keys(state.networkIds), ["10.77.0.1", "10.77.0.2"]);
  });

  it("takes it away on the host that goes, after this stack's containers there have left it", async () => {
    const { one, two, create, task, settle } = world();
    const olds = await create();
    await containerOn(two, "web2", "lab/dev/web2");
    settle();
    const news = inputsWith(hostsOn("10.77.0.1"));
    const state = await macvlanNetwork.update(olds, news, task());
    assert.deepEqual(one.mutations, []);
    assert.equal(two.networks.lookUp("lan"), undefined);
    assert.deepEqual(Object.keys(state.networkIds), ["10.77.0.1"]);
  });

  it("keeps the network of a host that is only called otherwise", async () => {
    const { one, two, hosts, create } = world();
    const olds = await create();
    const renamed = {
      ...news,
      connections: [both.connections[0]!, connectionTo("host2.lan")],
      hosts: [both.hosts[0]!, both.hosts[1]!],
    };
    const { run } = fakeRun({
      "10.77.0.1": { docker: one, host: hosts[0] },
      "10.77.0.2": { docker: two, host: hosts[1] },
      "host2.lan": { docker: two, host: hosts[1] },
    });
    const state = await macvlanNetwork.update(olds, checked(macvlanNetwork, renamed, olds), fakeTask(run));
    assert.equal(two.networks.lookUp("lan")?.Id, state.networkIds["host2.lan"]);
    assert.deepEqual(Object.keys(state.networkIds), ["10.77.0.1", "host2.lan"]);
  });

  it("names other people's containers on the host that goes, with nothing touched on any host", async () => {
    const { two, create, task, settle, mutations } = world();
    const olds = await create();
    await containerOn(two, "web2", "lab/dev/web2");
    await containerOn(two, "theirs", "lab/prod/theirs");
    settle();
    await assert.rejects(macvlanNetwork.update(olds, inputsWith(hostsOn("10.77.0.1")), task()), {
      message: 'host 10.77.0.2: the network "lan" cannot be removed: still on it: theirs (host 10.77.0.2)',
    });
    assert.deepEqual(mutations(), { one: [], two: [] });
  });

  describe("whose host goes while another comes", () => {
    const third = hostsOn("10.77.0.1", "10.77.0.3");
    /** The hosts of `world`, and a third one. */
    async function threeHosts() {
      const seen = world();
      const olds = await seen.create();
      const three = new FakeDocker({ address: "10.77.0.3" });
      const { run, said } = fakeRun({
        "10.77.0.1": { docker: seen.one, host: seen.hosts[0] },
        "10.77.0.2": { docker: seen.two, host: seen.hosts[1] },
        "10.77.0.3": { docker: three, host: lanHost("10.77.0.3") },
      });
      seen.settle();
      return { ...seen, three, run, said, olds };
    }

    it("touches no host while the one that goes is not reached, and goes on where that is gone for good", async () => {
      const { olds, run, three, mutations } = await threeHosts();
      const away = { reason: "no route", error: new Error("no route") };
      const gone = fakeTask(run);
      const hostOf = run.host.bind(run);
      run.host = async (connection, deadline) => {
        if (connection.host === "10.77.0.2")
          throw new CrosshostError("host 10.77.0.2: no route", { code: "timed-out" });
        return await hostOf(connection, deadline);
      };
      await assert.rejects(macvlanNetwork.update(olds, checked(macvlanNetwork, { ...news, ...third }, olds), gone), {
        message: "host 10.77.0.2: no route",
      });
      assert.deepEqual([mutations(), three.mutations], [{ one: [], two: [] }, []]);
      run.unreachable.set("10.77.0.2", away);
      const skipping = checked(macvlanNetwork, { ...news, ...third, skipUnreachableHosts: true }, olds);
      const state = await macvlanNetwork.update(olds, skipping, gone);
      assert.deepEqual(Object.keys(state.plan), ["10.77.0.1", "10.77.0.3"]);
      assert.deepEqual(three.mutations, ['create network "lan"']);
    });

    it("keeps the block of the one that goes from the one that comes, until it has been left", async () => {
      const { olds, run } = await threeHosts();
      const swapped = checked(macvlanNetwork, { ...news, ...third }, olds);
      assert.equal(swapped.plan["10.77.0.3"]?.ipRange, "10.77.0.96/28");
      const state = await macvlanNetwork.update(olds, swapped, fakeTask(run));
      const later = checked(macvlanNetwork, { ...news, ...hostsOn("10.77.0.1", "10.77.0.3", "10.77.0.4") }, state);
      assert.equal(later.plan["10.77.0.4"]?.ipRange, "10.77.0.80/28");
    });

    it("does not make the network with a block that is still the other's, and says so; the next run does", async () => {
      const { olds, run, said, two, three } = await threeHosts();
      const hosts = [{ parent: "eth0" }, { parent: "eth0", ipRange: "10.77.0.80/28" }];
      const given = checked(macvlanNetwork, { ...news, ...third, hosts }, olds);
      two.interrupt(/^remove network/);
      await assert.rejects(macvlanNetwork.update(olds, given, fakeTask(run)), { message: "interrupted" });
      assert.deepEqual(three.mutations, []);
      assert.ok(
        said.includes(
          '10.77.0.3: the network "lan" is not made there: its block is still that of 10.77.0.2, which could not be left',
        ),
        said.join("\n"),
      );
      await macvlanNetwork.update(olds, given, fakeTask(run));
      assert.deepEqual([two.networks.lookUp("lan"), three.mutations], [undefined, ['create network "lan"']]);
    });
  });

  it("records what it made on one host when another fails, so that destroy knows of it", async () => {
    const { one, two, create } = world();
    const olds = await create(inputsWith(hostsOn("10.77.0.1")));
    const three = {
      ...news,
      hosts: [...both.hosts, { parent: "eth0" }],
      connections: [...both.connections, connectionTo("10.77.0.3")],
    };
    const wanted = checked(macvlanNetwork, three, olds);
    two.interrupt(/^create network/);
    const { run } = fakeRun({
      "10.77.0.1": { docker: one, host: lanHost("10.77.0.1") },
      "10.77.0.2": { docker: two, host: lanHost("10.77.0.2") },
      "10.77.0.3": { host: lanHost("10.77.0.3") },
    });
    const error = await macvlanNetwork.update(olds, wanted, fakeTask(run)).then(
      () => assert.fail("it did not fail"),
      (error: HalfDone) => error,
    );
    assert.equal(error.message, "interrupted");
    const state = error.state as MacvlanNetworkState;
    const { "10.77.0.2": second, "10.77.0.3": third } = wanted.plan;
    const drift = "it was not finished";
    const unfinished = { "10.77.0.2": { ...second!, drift }, "10.77.0.3": { ...third!, drift } };
    assert.deepEqual(state.plan, { ...wanted.plan, ...unfinished });
    assert.equal(macvlanNetwork.diff(state, { ...wanted, adopt: true }).changes, true);
    await macvlanNetwork.delete(state, fakeTask(run));
    assert.deepEqual([one.networks.lookUp("lan"), two.networks.lookUp("lan")], [undefined, undefined]);
  });

  it("touches nothing on any host while one of them cannot do it", async () => {
    const { one, create, settle, mutations } = world();
    const olds = await create(inputsWith(hostsOn("10.77.0.1")));
    settle();
    const { run } = fakeRun({
      "10.77.0.1": { docker: one, host: lanHost("10.77.0.1") },
      "10.77.0.2": { host: lanHost("10.77.0.2", { isBare: true }) },
    });
    await assert.rejects(macvlanNetwork.update(olds, inputsWith(), fakeTask(run)), {
      message: "host 10.77.0.2: there is no interface eth0",
    });
    assert.deepEqual(mutations(), { one: [], two: [] });
  });

  it("goes on without a host that cannot be reached, where that is asked for, and comes back to it", async () => {
    const { one, two, create, task, settle, mutations } = world();
    const olds = await create(inputsWith(hostsOn("10.77.0.1")));
    settle();
    const wanted = checked(macvlanNetwork, { ...news, skipUnreachableHosts: true }, olds);
    const away = task();
    away.run.unreachable.set("10.77.0.2", { reason: "no route", error: new Error("no route") });
    const state = await macvlanNetwork.update(olds, wanted, away);
    assert.deepEqual(mutations(), { one: [], two: [] });
    assert.equal(state.plan["10.77.0.2"]?.drift, "the host was not reached");
    assert.deepEqual(Object.keys(state.networkIds), ["10.77.0.1"]);
    assert.deepEqual(
      macvlanNetwork.diff(state, checked(macvlanNetwork, { ...news, skipUnreachableHosts: true }, state)),
      {
        changes: true,
        replaces: [],
      },
    );
    away.run.unreachable.clear();
    const whole = await macvlanNetwork.update(state, wanted, task());
    assert.deepEqual([mutations(), whole.plan], [{ one: [], two: ['create network "lan"'] }, wanted.plan]);
    settle();
    away.run.unreachable.set("10.77.0.2", { reason: "no route", error: new Error("no route") });
    assert.deepEqual(await macvlanNetwork.update(whole, wanted, away), whole);
    // What was to be done there is still to be done.
    const pending = await macvlanNetwork.update({ ...whole, hostAccess: true }, wanted, away);
    assert.equal(pending.plan["10.77.0.2"]?.drift, "the host was not reached");
    away.run.unreachable.set("10.77.0.1", { reason: "no route", error: new Error("no route") });
    await assert.rejects(macvlanNetwork.create(wanted, away), {
      message: 'the network "lan" cannot be made: none of its hosts was reached',
    });
    assert.deepEqual([one.mutations, two.mutations], [[], []]);
  });

  it("makes a network anew whose parent has gone and come back, with this stack's containers on it again", async () => {
    const { one, two, create, task, settle, mutations } = world();
    const state = await create();
    await containerOn(two, "web", "lab/dev/web");
    const endpoint = async () => (await two.containers.inspect("web")).NetworkSettings.Networks.lan!;
    const before = await endpoint();
    const bare = lanHost("10.77.0.2", { isBare: true });
    const { run } = fakeRun({
      "10.77.0.1": { docker: one, host: lanHost("10.77.0.1") },
      "10.77.0.2": { docker: two, host: bare },
    });
    const found = await macvlanNetwork.read(state, fakeTask(run));
    assert.equal(found?.plan["10.77.0.2"]?.drift, "its parent eth0 is gone");
    settle();
    await assert.rejects(macvlanNetwork.update(found!, inputsWith(), fakeTask(run)), {
      message: "host 10.77.0.2: there is no interface eth0",
    });
    assert.deepEqual(mutations(), { one: [], two: [] });
    const mended = await macvlanNetwork.update(found!, inputsWith(), task());
    assert.deepEqual(mended.plan, state.plan);
    const { IPAddress, NetworkID } = await endpoint();
    assert.equal(IPAddress, before.IPAddress);
    assert.equal(NetworkID, mended.networkIds["10.77.0.2"]);
    assert.notEqual(NetworkID, before.NetworkID);
  });

  it("touches nothing for a new credential", async () => {
    const { create, task, settle, mutations } = world();
    const olds = await create();
    settle();
    const connections = [connectionTo("10.77.0.1", { user: "admin" }), connectionTo("10.77.0.2")];
    await macvlanNetwork.update(olds, inputsWith({ connections }), task());
    assert.deepEqual(mutations(), { one: [], two: [] });
  });
});

describe("reading a MacvlanNetwork", () => {
  it("finds no difference where there is none", async () => {
    const { create, task } = world();
    const state = await create();
    assert.deepEqual(await macvlanNetwork.read(state, task()), state);
  });

  it("says of a host that it lost it, or has somebody else's in its place; update puts it right", async () => {
    const { two, create, task, settle, mutations } = world();
    const state = await create();
    await two.networks.remove("lan");
    const gone = await macvlanNetwork.read(state, task());
    const block = { parent: "eth0", ipRange: "10.77.0.80/28" };
    assert.deepEqual(gone?.plan["10.77.0.2"], { ...block, drift: "the network is gone" });
    await two.networks.create({ Name: "lan", Driver: "macvlan" });
    const found = await macvlanNetwork.read(state, task());
    assert.deepEqual(found?.plan["10.77.0.2"], { ...block, drift: "somebody else's network has its name" });
    assert.deepEqual(Object.keys(found?.networkIds ?? {}), ["10.77.0.1"]);
    const inputs = checked(macvlanNetwork, news, found);
    assert.deepEqual(inputs.plan["10.77.0.2"], block);
    assert.deepEqual(macvlanNetwork.diff(found!, inputs), { changes: true, replaces: [] });
    await two.networks.remove("lan");
    settle();
    await macvlanNetwork.update(found!, inputs, task());
    assert.deepEqual(mutations(), { one: [], two: ['create network "lan"'] });
  });

  it("does not find it gone while a host has its shim, so that destroy takes that away", async () => {
    const { one, two, hosts, create, task } = world();
    const state = await create(inputsWith({ hostAccess: true }));
    await one.networks.remove("lan");
    await two.networks.remove("lan");
    const found = (await macvlanNetwork.read(state, task()))!;
    assert.deepEqual(new Set(Object.values(found.plan).map(({ drift }) => drift)), new Set(["the network is gone"]));
    await macvlanNetwork.delete(found, task());
    assert.deepEqual([...hosts[0]!.files.keys(), ...hosts[1]!.files.keys()], []);
  });

  it("finds it gone when it is on no host", async () => {
    const { one, two, create, task } = world();
    const state = await create();
    await one.networks.remove("lan");
    await two.networks.remove("lan");
    assert.equal(await macvlanNetwork.read(state, task()), undefined);
  });
});

describe("deleting a MacvlanNetwork", () => {
  it("removes it from every host; again is success", async () => {
    const { one, two, create, task, settle, mutations } = world();
    const state = await create();
    await macvlanNetwork.delete(state, task());
    assert.deepEqual([one.networks.lookUp("lan"), two.networks.lookUp("lan")], [undefined, undefined]);
    settle();
    await macvlanNetwork.delete(state, task());
    assert.deepEqual(mutations(), { one: [], two: [] });
  });

  it("works on what a failed create recorded: the inputs alone", async () => {
    const { one, two, create, task } = world();
    two.interrupt(/^create network/);
    await assert.rejects(create());
    await macvlanNetwork.delete(inputsWith() as MacvlanNetworkState, task());
    assert.equal(one.networks.lookUp("lan"), undefined);
  });
});
