import type { DockerApi } from "../../provider/docker/api";
import type { Task } from "../../provider/lifecycle";
import { RunContext } from "../../provider/run/context";
import type { Host } from "../../provider/ssh/host";
import { hostId } from "../../provider/ssh/hostId";
import { Deadline } from "../../provider/wait";
import { TestClock } from "../unit/ssh/testClock";
import { FakeDocker } from "./fakeDocker";
import { FakeHost } from "./fakeHost";

/** What one run sees of the world: a host and an engine by host id. */
export interface FakeWorld {
  [hostId: string]: { host?: Host; docker?: DockerApi };
}

export interface FakeRun {
  run: RunContext;
  /** What the user was shown. */
  said: string[];
  /** What the user was shown until the next line came. */
  shown: string[];
}

export function fakeRun(world: FakeWorld): FakeRun {
  const said: string[] = [];
  const shown: string[] = [];
  const dockers = new Map<Host, DockerApi>();
  const hosts = new Map<string, Host>();
  for (const [id, { host, docker }] of Object.entries(world)) {
    const reached = host ?? new FakeHost({}, id);
    hosts.set(id, reached);
    dockers.set(reached, docker ?? new FakeDocker({ address: id }));
  }
  const run = new RunContext({
    host: async (connection) => {
      const host = hosts.get(hostId(connection));
      if (!host) throw new Error(`no host ${hostId(connection)} in this test`);
      return host;
    },
    docker: (host) => dockers.get(host)!,
    say: (line) => said.push(line),
    show: (line) => shown.push(line),
  });
  return { run, said, shown };
}

/** A task whose waits take no time. */
export function fakeTask(run: RunContext, milliseconds = 60_000): Task & { touched: boolean } {
  const task = {
    run,
    deadline: new Deadline(milliseconds, new TestClock()),
    touched: false,
    touching() {
      task.touched = true;
    },
  };
  return task;
}
