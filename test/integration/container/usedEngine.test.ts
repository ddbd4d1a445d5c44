import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Lab } from "../../../lab";
import { DockerClient } from "../../../provider/docker/client";
import { forwardingOn } from "../../../provider/proof/forwarding";
import { ConnectionPool } from "../../../provider/ssh/pool";
import { Deadline } from "../../../provider/wait";
import { LabStore } from "../../../tools/store/labStore";

const IMAGE = "busybox:1.35";
const PULLS = 10;

/** Makes and removes overlays until threads of the engine are left in the namespaces of some that are gone. */
const LEAVE_THREADS = `
namespaces() { readlink /proc/$(pidof dockerd)/task/*/ns/net | sort -u | wc -l; }
docker pull -q ${IMAGE}
for n in $(seq 60); do
  docker network create -d overlay stray$n && docker run -d --name stray$n --net stray$n ${IMAGE} sleep 1000
  docker rm -f stray$n
  docker network rm stray$n
  [ $n -ge 5 ] && [ $(namespaces) -gt 2 ] && exit 0
done >/dev/null 2>&1
exit 1
`;

/**
 * Has the engine set up the namespace of one overlay again and again, now and then on a thread without network, and so in
 * vain; what it prints last is the overlay's id.
 */
const SET_UP_AGAIN = `
again() { for try in $(seq 5); do "$@" && return; done; exit 1; }
docker network create -d overlay again
for n in $(seq 12); do
  again docker run --rm --net again ${IMAGE} true
done
again docker run -d --net again ${IMAGE} sleep 1000
again docker network inspect -f '{{.Id}}' again
`;

/** As every engine is sooner or later. */
describe("an engine on which overlays have come and gone", function () {
  this.timeout("3m");

  let lab: Lab;
  let store: LabStore;
  let pool: ConnectionPool;

  before(async () => {
    lab = await Lab.start({ hosts: 1, name: "integration-used-engine" });
    pool = new ConnectionPool();
    store = new LabStore(lab, "consul");
    await store.up([1]);
    const settings = `"cluster-store": "${store.state!.url}", "cluster-advertise": "eth0:2376",`;
    const join = `sed -i '0,/{/s|{|{ ${settings}|' /etc/docker/daemon.json && systemctl reload docker && sleep 1`;
    for (const script of [join, LEAVE_THREADS]) {
      const { exitCode, stderr } = await lab.host(1).ssh(["sh", "-c", script]);
      assert.equal(exitCode, 0, stderr);
    }
  });
  after(async () => {
    await store?.close();
    await pool?.close();
    await lab?.stop();
  });

  it("shows what it knows of an overlay, whose namespace it has set up a dozen times", async () => {
    const { exitCode, stdout, stderr } = await lab.host(1).ssh(["sh", "-c", SET_UP_AGAIN]);
    assert.equal(exitCode, 0, stderr);
    const networkId = stdout.trim().split("\n").at(-1)!;
    const host = await pool.host(store.connection(1), new Deadline(30_000));
    assert.ok(await forwardingOn({ host }, networkId), "it has a namespace of that network");
    assert.equal(await forwardingOn({ host }, networkId.replace(/^./, "x")), undefined, "and none of another");
  });

  // Some of its threads have no network then; see provider/docker/strayThread.ts.
  it("pulls an image in seconds, each time that it is asked to", async () => {
    const { images } = DockerClient.of(await pool.host(store.connection(1), new Deadline(30_000)));
    const seconds: number[] = [];
    for (let n = 0; n < PULLS; n++) {
      // An engine that nobody asks anything comes back to the same thread.
      await sleep(500);
      const begun = performance.now();
      await images.pull(IMAGE);
      seconds.push((performance.now() - begun) / 1000);
    }
    assert.ok(Math.max(...seconds) < 8, seconds.map((one) => one.toFixed(1)).join(", "));
  });
});
