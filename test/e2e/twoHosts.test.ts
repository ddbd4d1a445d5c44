import assert from "node:assert/strict";
import { Lab } from "../../lab";
import { EVERY_PACKET, ping, pingTable } from "../../lab/packets";
import { type HostSnapshot, snapshot } from "../../lab/snapshot";
import { keysOnConsulPage } from "../helpers/consulPage";
import { newKey } from "../helpers/keys";
import { changes, order, TestProgram } from "../helpers/twoHosts";

/** The main job, in the order a user lives it; each step stands on the one before. */
describe("the example of two hosts", function () {
  this.timeout("5m");

  let lab: Lab;
  let program: TestProgram;
  let original: HostSnapshot[];

  const EVERYTHING = [
    "KVStore consul",
    "ClusterMember host1",
    "ClusterMember host2",
    "OverlayNetwork ov_net1",
    "MacvlanNetwork lan",
    "Container web1",
    "Container web2",
  ];
  const REPLACED = ["OverlayNetwork ov_net1", "Container web1", "Container web2"];
  const all = (operation: string) => Object.fromEntries(EVERYTHING.map((resource) => [resource, operation]));
  const containerIds = () =>
    Promise.all(
      lab.hosts.map(async (host) => (await host.ssh(["docker", "ps", "-q", "--no-trunc", "-f", "name=web"])).stdout),
    );
  const handshakes = async () => {
    const counts = await Promise.all(
      lab.hosts.map(async (host) => {
        const { stdout } = await host.ssh(["journalctl", "-b", "-u", "ssh", "-o", "cat", "--no-pager"]);
        return stdout.split("\n").filter((line) => line.startsWith("Accepted ")).length;
      }),
    );
    // Asking takes a connection to each host, too.
    return counts.map((count) => count - 1);
  };
  const sinceThen = async (then: number[]) => (await handshakes()).map((count, i) => count - then[i]! - 1);

  before(async () => {
    lab = await Lab.start({ hosts: 2, name: "e2e-two-hosts" });
    original = await Promise.all(lab.hosts.map(snapshot));
    program = await TestProgram.create(lab);
  });
  after(async () => {
    await lab?.stop();
    await program?.remove();
  });

  it("is previewed whole, with the store's URL and each host's addresses known, and without a connection", async () => {
    const then = await handshakes();
    const run = await program.stack.preview();
    assert.deepEqual(changes(run), all("create"));
    const text = run.stdout;
    const host1 = lab.host(1).address;
    assert.match(text, new RegExp(`ui +: "http://${host1}:8500/ui/"`));
    assert.match(text, /ipRange: "10\.77\.\d+\.64\/28"/);
    assert.match(text, /ipRange: "10\.77\.\d+\.80\/28"/);
    assert.deepEqual(await sinceThen(then), [0, 0]);
  });

  it("comes up over one SSH connection a host, and every packet arrives", async () => {
    const then = await handshakes();
    const run = await program.stack.up();
    assert.deepEqual(changes(run), all("create"));
    assert.deepEqual(await sinceThen(then), [1, 1]);
    assert.deepEqual(await pingTable(lab), EVERY_PACKET);
  });

  it("shows both hosts under key/value on the store's page, as a browser sees it", async () => {
    const ui = `http://${lab.host(1).address}:8500/ui/`;
    const shown = await keysOnConsulPage(ui, "docker/nodes/", process.env.CROSSHOST_PICTURE);
    assert.deepEqual(
      shown,
      lab.hosts.map(({ address }) => `${address}:2376`),
    );
  });

  it("resolves container names and aliases across the hosts", async () => {
    const web1 = { host: lab.host(1), container: "web1" };
    assert.equal(await ping(web1, "web2"), 3);
    assert.equal(await ping(web1, "web"), 3);
  });

  it("has restarted no engine, and has the flags in docker.service for its next start", async () => {
    for (const host of lab.hosts) {
      const { stdout } = await host.ssh(["journalctl", "-b", "-u", "docker", "-o", "cat", "--no-pager"]);
      assert.equal(stdout.split("Daemon has completed initialization").length - 1, 1);
      const { stdout: unit } = await host.ssh(["systemctl", "show", "-p", "ExecStart", "docker.service"]);
      assert.match(
        unit,
        /-H fd:\/\/ --containerd=\S+ \$DOCKER_OPTS --cluster-store=consul:\S+:8500 --cluster-advertise=eth0:2376 ;/,
      );
    }
  });

  it("shows the same overlay on both hosts", async () => {
    const ids = await Promise.all(
      lab.hosts.map(
        async (host) => (await host.ssh(["docker", "network", "inspect", "-f", "{{.Id}}", "ov_net1"])).stdout,
      ),
    );
    assert.equal(ids[0], ids[1]);
  });

  it("changes nothing when it is run again", async () => {
    const run = await program.stack.up();
    assert.deepEqual(changes(run), {});
    assert.match(run.stdout, /8 unchanged/);
  });

  it("takes another SSH key as an update that touches nothing on any host", async () => {
    const key = newKey();
    for (const host of lab.hosts) {
      await host.ssh(["sh", "-c", 'echo "$1" >> /root/.ssh/authorized_keys', "sh", key.public.trim()]);
    }
    const state = () =>
      Promise.all(lab.hosts.map((host) => host.ssh(["docker", "ps", "--no-trunc", "--format", "json"])));
    const [before, snapshots] = [await state(), await Promise.all(lab.hosts.map(snapshot))];
    await program.stack.config("privateKey", key.private, { secret: true });
    assert.deepEqual(changes(await program.stack.up()), all("update"));
    assert.deepEqual(await state(), before);
    assert.deepEqual(await Promise.all(lab.hosts.map(snapshot)), snapshots);
    assert.deepEqual(changes(await program.stack.up()), {});
    // And back: the hosts are compared with what they were before the first run.
    await program.stack.config("privateKey", lab.privateKey, { secret: true });
    await program.stack.up();
    for (const host of lab.hosts) await host.ssh(["sed", "-i", "$ d", "/root/.ssh/authorized_keys"]);
  });

  it("has not drifted when it is refreshed", async () => {
    const run = await program.stack.refresh();
    assert.deepEqual(changes(run), {});
    assert.match(run.stdout, /8 unchanged/);
  });

  it("changes an alias in place", async () => {
    await program.edit('aliases: ["web"]', 'aliases: ["web", "www"]');
    const ids = await containerIds();
    const expected = { "Container web1": "update", "Container web2": "update" };
    assert.deepEqual(changes(await program.stack.preview()), expected);
    assert.deepEqual(changes(await program.stack.up()), expected);
    assert.deepEqual(await containerIds(), ids);
    assert.equal(await ping({ host: lab.host(2), container: "web2" }, "www"), 3);
    assert.deepEqual(await pingTable(lab), EVERY_PACKET);
    assert.deepEqual(changes(await program.stack.up()), {});
  });

  it("replaces a network whose subnet changes together with its containers, in order", async () => {
    await program.edit("10.200.0.0/24", "10.201.0.0/24");
    const preview = await program.stack.preview({ diff: true });
    assert.match(preview.stdout, /~ subnet: "10\.200\.0\.0\/24" => "10\.201\.0\.0\/24"/);
    assert.deepEqual(new Set(Object.keys(changes(preview))), new Set(REPLACED));
    const inOrder = order(await program.stack.up());
    const at = (step: string) => {
      const index = inOrder.indexOf(step);
      assert.notEqual(index, -1, `${step} is not among ${inOrder.join(", ")}`);
      return index;
    };
    for (const container of ["Container web1", "Container web2"]) {
      assert.ok(at(`delete-replaced ${container}`) < at("delete-replaced OverlayNetwork ov_net1"));
      assert.ok(at("create-replacement OverlayNetwork ov_net1") < at(`create-replacement ${container}`));
    }
    assert.deepEqual(await pingTable(lab), EVERY_PACKET);
  });

  it("updates the store's image as the one change there is, and keeps its data", async () => {
    await program.edit('kind: "consul",', 'kind: "consul", image: "consul:1.8",');
    const expected = { "KVStore consul": "update" };
    assert.deepEqual(changes(await program.stack.preview()), expected);
    assert.deepEqual(changes(await program.stack.up()), expected);
    const { stdout } = await lab.host(1).ssh(["docker", "inspect", "-f", "{{.Config.Image}}", "consul"]);
    assert.equal(stdout.trim(), "consul:1.8");
    assert.deepEqual(await pingTable(lab), EVERY_PACKET);
    assert.deepEqual(changes(await program.stack.refresh()), {});
  });

  it("lets a host go, with its containers, and leaves nothing on it", async () => {
    await program.edit("members = connections.map", "members = connections.slice(0, 1).map");
    const run = await program.stack.up();
    assert.deepEqual(changes(run), {
      "OverlayNetwork ov_net1": "update",
      "MacvlanNetwork lan": "update",
      "Container web2": "delete",
      "ClusterMember host2": "delete",
    });
    const now = await snapshot(lab.host(2));
    const { networks, ...rest } = original[1]!;
    // The engine has the store, and with it the overlay, in mind until its next start.
    assert.deepEqual({ ...now, networks: now.networks.replace(/^ov_net1 .*\n/m, "") }, { ...rest, networks });
  });

  it("takes the host back, with one restart of its engine that is announced", async () => {
    await program.edit("connections.slice(0, 1).map", "connections.map");
    const run = await program.stack.up();
    assert.deepEqual(changes(run), {
      "ClusterMember host2": "create",
      "OverlayNetwork ov_net1": "update",
      "MacvlanNetwork lan": "update",
      "Container web2": "create",
    });
    assert.match(run.stdout, new RegExp(`${lab.host(2).address}: restarting docker, which has had the store`));
    assert.deepEqual(await pingTable(lab), EVERY_PACKET);
  });

  it("finds by refresh what was changed by hand, and up puts it right", async () => {
    await lab.host(1).ssh(["docker", "rm", "-f", "web1"]);
    await lab.host(2).ssh(["docker", "stop", "-t", "0", "web2"]);
    assert.deepEqual(changes(await program.stack.refresh()), {
      "Container web1": "delete",
      "Container web2": "update",
    });
    assert.deepEqual(changes(await program.stack.up()), { "Container web1": "create", "Container web2": "update" });
    assert.deepEqual(await pingTable(lab), EVERY_PACKET);
  });

  it("puts every host back as it was when it is destroyed", async () => {
    assert.deepEqual(changes(await program.stack.destroy()), all("delete"));
    assert.deepEqual(await Promise.all(lab.hosts.map(snapshot)), original);
  });

  it("comes up again on the same hosts, whose engines remember the old store", async () => {
    assert.deepEqual(changes(await program.stack.up()), all("create"));
    assert.deepEqual(await pingTable(lab), EVERY_PACKET);
    await program.stack.destroy();
    assert.deepEqual(await Promise.all(lab.hosts.map(snapshot)), original);
  });
});
