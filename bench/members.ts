import { Lab } from "../lab";
import { describeError } from "../provider/errors";
import { clusterMember } from "../provider/resources/clusterMember";
import type { ClusterMemberInputs, ClusterMemberState } from "../provider/resources/clusterMember/inputs";
import { kvStore } from "../provider/resources/kvStore";
import type { KVStoreInputs } from "../provider/resources/kvStore/inputs";
import { settleAll } from "../provider/settleAll";
import { RealRun } from "../test/helpers/realRun";
import { showTable } from "../tools/table";

const WAYS = {
  "live, daemonJson": { via: "daemonJson" },
  "live, service": { via: "service" },
  "restart, daemonJson": { via: "daemonJson", apply: "restart" },
  "restart, service": { via: "service", apply: "restart" },
} as const;

interface Taken {
  all: number;
  each: number[];
}

/** Hosts that join a store, all at once and each from an engine that has had none. The store is on the first of them. */
class Joining {
  private run: RealRun;

  constructor(private readonly lab: Lab) {
    this.run = new RealRun(lab);
  }

  /** Makes it, or waits until it is ready again. */
  async store(): Promise<string> {
    const inputs = this.run.checked<KVStoreInputs>(kvStore, {
      owner: "b/b/store",
      name: "store",
      kind: "consul",
      servers: [{}],
      connections: [this.run.connectionTo(this.lab.host(1))],
    });
    return (await kvStore.create(inputs, this.run.task())).url;
  }

  async join(way: object): Promise<{ joined: Taken; refreshed: Taken }> {
    await this.restartEngines();
    const clusterStore = await this.store();
    // A run remembers its members, and has its connections: those are the store's time, not theirs.
    this.run = new RealRun(this.lab);
    const { run } = this;
    const inputs = this.lab.hosts.map((host) =>
      run.checked<ClusterMemberInputs>(clusterMember, {
        owner: `b/b/${host.name}`,
        connection: run.connectionTo(host),
        clusterStore,
        clusterAdvertise: "eth0:2376",
        ...way,
      }),
    );
    const states: ClusterMemberState[] = [];
    const joined = await timed(inputs, async (each, i) => {
      states[i] = await clusterMember.create(each, run.task());
    });
    const refreshed = await timed(states, (each) => clusterMember.read(each, run.task()));
    await settleAll(states.map((each) => clusterMember.delete({ ...each, apply: "live" }, run.task())));
    await run.close();
    return { joined, refreshed };
  }

  close(): Promise<void> {
    return this.run.close();
  }

  private async restartEngines(): Promise<void> {
    const restart =
      "systemctl reset-failed docker; systemctl restart docker && docker inspect store > /dev/null 2>&1; true";
    await Promise.all(this.lab.hosts.map((host) => host.ssh(["sh", "-c", restart])));
  }
}

async function timed<T>(things: readonly T[], work: (thing: T, i: number) => Promise<unknown>): Promise<Taken> {
  const each: number[] = [];
  const start = performance.now();
  await settleAll(
    things.map(async (thing, i) => {
      await work(thing, i);
      each[i] = (performance.now() - start) / 1000;
    }),
  );
  return { all: Math.max(...each), each };
}

const seconds = (value: number) => `${value.toFixed(2)} s`;

/** `npm run bench:members [ROUNDS]`: how long members take to join in each way, on two hosts and on eight. */
async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 1);
  const rows: string[][] = [];
  for (const hosts of [2, 8]) {
    const lab = await Lab.start({ hosts, name: `bench-members${hosts}`, progress: console.log });
    const joining = new Joining(lab);
    try {
      await joining.store();
      for (const [way, inputs] of Object.entries(WAYS)) {
        for (let round = 1; round <= rounds; round++) {
          const { joined, refreshed } = await joining.join(inputs);
          const [withStore, ...others] = joined.each as [number, ...number[]];
          const range = `${Math.min(...others).toFixed(2)}–${seconds(Math.max(...others))}`;
          rows.push([String(hosts), way, seconds(joined.all), seconds(withStore), range, seconds(refreshed.all)]);
          console.log(rows.at(-1)!.join(" | "));
        }
      }
    } finally {
      await joining.close();
      await lab.stop();
    }
  }
  const head = ["hosts", "way", "all of them", "the store's host", "the others", "a refresh of all"];
  showTable("from an engine that has had no store to a member", [head, ...rows]);
}

main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
