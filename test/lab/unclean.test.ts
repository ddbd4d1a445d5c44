import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Lab } from "../../lab";
import { processesIn } from "../../lab/cgroup";
import { labNames } from "../../lab/names";
import { readRecord } from "../../lab/record";
import { remains } from "../../lab/remains";
import { signal } from "../../lab/signal";

const name = "lab-test-unclean";

/** Kills the lab's processes whose command line matches, as a crash would. */
async function killProcesses(cgroup: string, matching: RegExp): Promise<number> {
  let killed = 0;
  for (const pid of await processesIn(cgroup)) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    // The death of a host's init takes others with it before their turn comes.
    if (matching.test(command) && signal(pid, "SIGKILL")) killed++;
  }
  return killed;
}

describe("a lab that ended uncleanly", () => {
  const endings: [string, RegExp, number][] = [
    ["its machines and registry were killed, containers live on", /^(systemd-nspawn|docker-registry)\0/, 2],
    ["every process was killed", /^/, 3],
  ];

  after(async () => {
    await (await Lab.start({ hosts: 1, name })).stop();
  });

  for (const [how, matching, atLeast] of endings) {
    it(`comes up again when ${how}`, async () => {
      const before = await Lab.start({ hosts: 1, name });
      const { slot } = (await readRecord(name))!;
      await before.host(1).ssh(["docker", "run", "-d", "busybox:1.35", "sleep", "1000"]);
      assert.ok((await killProcesses(labNames(slot).cgroup, matching)) >= atLeast);
      assert.ok((await remains(name, slot)).some((one) => one.startsWith("mount ")));

      const lines: string[] = [];
      const lab = await Lab.start({ hosts: 1, name, progress: (line) => lines.push(line) });
      assert.match(lines[0]!, /^lab "lab-test-unclean" did not end cleanly: what it left is removed/);
      assert.equal((await lab.host(1).ssh(["docker", "ps", "-aq"])).stdout, "");
    });
  }

  it("leaves nothing when it is taken down instead", async () => {
    const lab = await Lab.start({ hosts: 1, name });
    const { slot } = (await readRecord(name))!;
    await killProcesses(labNames(slot).cgroup, /^(systemd-nspawn|docker-registry)\0/);
    await lab.stop();
    assert.deepEqual(await remains(name, slot), []);
  });
});
