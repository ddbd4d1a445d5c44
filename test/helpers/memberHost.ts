import { UNDER_WAY } from "../../provider/engine/change";
import { type ClusterSettings, settingsOfFlags } from "../../provider/engine/clusterSettings";
import { configFileOf } from "../../provider/engine/dockerService";
import { readSettings } from "../../provider/engine/settingsFile";
import { execStartOf, parseSystemctlCat } from "../../provider/engine/unitFile";
import { parseStoreUrl } from "../../provider/kv/url";
import { FakeConsul } from "./fakeConsul";
import { FakeDocker } from "./fakeDocker";
import { type Answer, FakeHost } from "./fakeHost";

export const unit = `# /lib/systemd/system/docker.service
[Service]
EnvironmentFile=-/etc/default/docker
ExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS
`;
/** What a host says to those who look up its engine's settings, and find none. */
export const plainDockerService: Record<string, Answer> = {
  "sh -c \nunit=$(systemctl cat": unit,
  "readlink -m": "/etc/docker/daemon.json\n",
  "test -d": "",
};
export const folder = "/etc/systemd/system/docker.service.d";
export const dropIn = `${folder}/zz-crosshost.conf`;
export const bootRepairUnit = "/etc/systemd/system/crosshost-boot-repair.service";
export const settings = "/etc/docker/daemon.json";

interface MemberHostOptions {
  user?: string;
  unit?: string;
  /** Files that the unit takes its variables from. */
  environment?: Record<string, string>;
  /** Whether the engine refuses to start with, or to take, what is given to it. Default: nothing. */
  refuses?: (settings: Partial<ClusterSettings>) => boolean;
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

  const start = ({ clusterStore, clusterAdvertise, clusterStoreOpts = {} }: Partial<ClusterSettings>) => {
    docker.info.ClusterStore = clusterStore ?? "";
    docker.info.ClusterAdvertise = clusterAdvertise?.replace("eth0", "10.77.0.1") ?? "";
    if (!clusterStore) return;
    const { prefix } = parseStoreUrl(clusterStore)!;
    const address = docker.info.ClusterAdvertise;
    const nodes = clusterStoreOpts["kv.path"] ?? "docker/nodes";
    consul.keys.set(`${prefix === "" ? "" : `${prefix}/`}${nodes}/${address}`, address);
  };
  const cat = (): string => {
    const text = host.files.get(dropIn);
    const files = Object.entries(options.environment ?? {}).map(([path, content]) => `\x1e${path}\n${content}`);
    return (options.unit ?? unit) + (text === undefined ? "" : `\n# ${dropIn}\n${text}`) + files.join("");
  };
  const configFile = () => configFileOf(execStartOf(parseSystemctlCat(cat().split("\x1e")[0]!)));
  const inFile = (path = configFile()) => readSettings(host.files.get(path) ?? "") as Partial<ClusterSettings>;
  const effective = () => ({
    ...inFile(),
    ...settingsOfFlags(execStartOf(parseSystemctlCat(cat().split("\x1e")[0]!))),
  });
  const reload = (found: Partial<ClusterSettings>) => {
    // A reload takes cluster settings from the file only, and only the first time.
    if (!docker.info.ClusterStore && !options.refuses?.(found)) start(found);
  };
  const lend = (path: string) => {
    reload(inFile(`${path}.crosshost`));
    host.files.delete(`${path}.crosshost`);
    return "reloaded\n";
  };
  const restart = () => {
    for (const { Id } of docker.containersById.values()) void docker.containers.stop(Id);
    start(effective());
  };
  const change = (file: string, how: string): Answer => {
    const before = host.files.get(file);
    const next = host.files.get(`${file}.crosshost`);
    if (how === "put") host.files.set(file, next!);
    if (how === "take") host.files.delete(file);
    host.files.delete(`${file}.crosshost`);
    const isRefused = options.refuses?.(effective()) ?? false;
    if (isRefused && before === undefined) host.files.delete(file);
    else if (isRefused) host.files.set(file, before!);
    restart();
    const log = 'time="x" level=info msg="Starting up"\nfailed to start daemon: it is refused\n';
    return isRefused ? { exitCode: 75, stdout: log } : "";
  };
  const script = ([, , text, , ...args]: readonly string[]): Answer => {
    if (text!.includes("EnvironmentFile")) return cat();
    if (text!.includes("systemctl reload")) return lend(args[1]!);
    if (text!.includes("systemctl restart") && args[0] === UNDER_WAY) return change(args[1]!, args[2]!);
    return "";
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

  const host: FakeHost = new FakeHost(
    {
      "ip -4 -o addr show": "1: lo    inet 127.0.0.1/8 scope host lo\n2: eth0    inet 10.77.0.1/24 scope global eth0\n",
      "cat /proc/net/tcp": listening,
      "readlink -m": ([, , , path]) => `${path}\n`,
      "sh -c": script,
      "test -d": ([, , path]) => ({ exitCode: folders.has(path!) ? 0 : 1 }),
      "mkdir -p -m 755": nothing,
      "mv -T": move,
      "rm -rf": nothing,
      "ls -A /etc/docker/crosshost-tls": { exitCode: 2, stderr: "ls: cannot access: No such file or directory" },
      "rmdir --ignore-fail-on-non-empty": ([, , path]) => {
        folders.delete(path!);
        return "";
      },
      // The engine's program has the names of the stores it was built with.
      "grep -qaF -- libkv/store/consul": () => ({ exitCode: options.hasConsul === false ? 1 : 0 }),
      "chown --reference": nothing,
      "systemctl daemon-reload": nothing,
      "systemctl reset-failed": nothing,
      "systemctl is-active": nothing,
      "systemctl is-active crosshost-boot-repair.service": () => ({ stdout: "inactive\n", exitCode: 3 }),
      "systemctl reload": () => {
        reload(inFile());
        return "";
      },
      "systemctl disable": nothing,
      "systemctl enable": nothing,
      "systemctl is-enabled": () => (host.files.has(bootRepairUnit) ? "enabled\n" : { stdout: "", exitCode: 1 }),
      "journalctl -u docker.service": 'time="x" level=error msg="cannot take \\"it\\""\n',
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
  /** Whether the engine was restarted, and with what done to which file. */
  const restarts = () =>
    host.commands.flatMap((line) => / sh crosshost-change (\S+ (?:put|take|keep)) \d+$/.exec(line)?.[1] ?? []);
  return { host, docker, consul, folders, changes, restarts };
}
