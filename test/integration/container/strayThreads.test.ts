import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Lab } from "../../../lab";
import { DockerClient } from "../../../provider/docker/client";
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

/** The same fault on every Docker 20.10 on which overlays have come and gone; see provider/docker/strayThread.ts. */
describe("an engine some of whose threads have no network", function () {
  this.timeout("3m");

  let lab: Lab;
  let store: LabStore;
  let pool: ConnectionPool;

  before(async () => {
    lab = await Lab.start({ hosts: 1, name: "integration-stray-threads" });
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
