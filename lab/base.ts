import { cached, cacheKey } from "./cached";
import { debootstrap, type Suite } from "./debian";
import { type Progress, step } from "./progress";

const common = [
  ...["systemd", "systemd-sysv", "dbus", "openssh-server", "docker.io", "iproute2", "iptables"],
  ...["ca-certificates", "iputils-ping", "procps", "sudo"],
];

/** Which packages make a host; the docker command became a package of its own after bookworm. */
const packages: Record<Suite, string[]> = {
  /** Docker 20.10.5: cluster store with Consul, etcd and ZooKeeper. */
  bullseye: common,
  /** Docker 20.10.24, built without Consul. */
  bookworm: common,
  /** Docker 26.1.5: no cluster store, Swarm only. */
  trixie: [...common, "docker-cli"],
};

/** Bump when the way a base is made changes without its packages changing. */
const version = 1;

/** The folder of the file system that every host of this suite starts from; made once, never written to afterwards. */
export async function base(suite: Suite, progress: Progress): Promise<string> {
  const key = cacheKey({ version, suite, packages: packages[suite] });
  return await cached(["lab", "base", `${suite}-${key}`], async (dir) => {
    progress(`base system ${suite}: installing (once, about a minute)`);
    await step(progress, `base system ${suite}: installed`, () => debootstrap(suite, "system", packages[suite], dir));
  });
}
