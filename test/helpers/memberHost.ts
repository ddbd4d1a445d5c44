import { clusterFlagsOf, execStartOf, parseSystemctlCat } from "../../provider/engine/clusterFlags";
import { parseStoreUrl } from "../../provider/kv/url";
import { FakeConsul } from "./fakeConsul";
import { FakeDocker } from "./fakeDocker";
import { FakeHost } from "./fakeHost";

export const unit = `# /lib/systemd/system/docker.service
[Service]
EnvironmentFile=-/etc/default/docker
ExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS
`;
export const folder = "/etc/systemd/system/docker.service.d";
export const dropIn = `${folder}/zz-crosshost.conf`;
export const settings = "/etc/docker/daemon.json";

interface MemberHostOptions {
  user?: string;
  unit?: string;
  /** Whether docker.service has a folder for drop-ins of its own. */
  hasFolder?: boolean;
  consul?: FakeConsul;
  /** Whether the engine was built with Consul as a store. Default true. */
  hasConsul?: boolean;
}

/** A host whose engine does what Docker 20.10 does with cluster flags, as far as a member's verbs can see. */
export function memberHost(options: MemberHostOptions = {}) {
  const { consul = new FakeConsul() } = options;
  const docker = new FakeDocker({ address: "10.77.0.1" });
  const folders = new Set(["/etc/docker", ...(options.hasFolder ? [folder] : [])]);

  const start = ({ clusterStore, clusterAdvertise }: { clusterStore?: string; clusterAdvertise?: string }) => {
    docker.info.ClusterStore = clusterStore ?? "";
    docker.info.ClusterAdvertise = clusterAdvertise?.replace("eth0", "10.77.0.1") ?? "";
    if (!clusterStore) return;
    const { prefix } = parseStoreUrl(clusterStore)!;
    const address = docker.info.ClusterAdvertise;
    consul.keys.set(`${prefix === "" ? "" : `${prefix}/`}docker/nodes/${address}`, address);
  };
  const cat = () => {
    const text = host.files.get(dropIn);
    return (options.unit ?? unit) + (text === undefined ? "" : `\n# ${dropIn}\n${text}`);
  };
  const lend = (path: string) => {
    const merged = JSON.parse(host.files.get(`${path}.crosshost`) ?? "{}");
    start({ clusterStore: merged["cluster-store"], clusterAdvertise: merged["cluster-advertise"] });
    host.files.delete(`${path}.crosshost`);
    return "reloaded\n";
  };
  const move = ([, , from, to]: readonly string[]) => {
    folders.add(to!);
    for (const [path, text] of [...host.files]) {
      if (!path.startsWith(`${from}/`)) continue;
      host.files.delete(path);
      host.files.set(path.replace(from!, to!), text);
    }
    return "";
  };
  const listening = () => (docker.info.ClusterStore ? "   0: 01004D0A:1F0A 00000000:0000 0A x" : "");
  const nothing = () => "";

  const host = new FakeHost(
    {
      "systemctl cat --no-pager docker.service": cat,
      "ip -4 -o addr show": "1: lo    inet 127.0.0.1/8 scope host lo\n2: eth0    inet 10.77.0.1/24 scope global eth0\n",
      "cat /proc/net/tcp": listening,
      "readlink -m": ([, , path]) => `${path}\n`,
      "sh -c": ([, , script, , path]) => (script!.includes("systemctl reload") ? lend(path!) : ""),
      "test -d": ([, , path]) => ({ exitCode: folders.has(path!) ? 0 : 1 }),
      "mkdir -p -m 755": nothing,
      "mv -T": move,
      "rm -rf": nothing,
      "rmdir --ignore-fail-on-non-empty": ([, , path]) => {
        folders.delete(path!);
        return "";
      },
      // The engine's program has the names of the stores it was built with.
      "grep -qaF -- libkv/store/consul": () => ({ exitCode: options.hasConsul === false ? 1 : 0 }),
      "systemctl daemon-reload": nothing,
      "systemctl reset-failed": nothing,
      "systemctl is-active": nothing,
      "systemctl reload": nothing,
      "systemctl restart": () => {
        for (const { Id } of docker.containersById.values()) void docker.containers.stop(Id);
        start(clusterFlagsOf(execStartOf(parseSystemctlCat(cat()))));
        return "";
      },
    },
    "10.77.0.1",
    options.user ?? "root",
    () => consul.open(),
  );
  /** The commands that can have changed something. */
  const changes = () =>
    host.commands.filter((line) =>
      /^(mkdir|mv|rm|rmdir|write|remove|systemctl (daemon-reload|restart|reload))\b|systemctl reload docker.service/.test(
        line,
      ),
    );
  return { host, docker, consul, folders, changes };
}
