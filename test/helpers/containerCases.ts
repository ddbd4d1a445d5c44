import type { Container } from "../../provider/docker/containerTypes";
import { type OptionName, optionEntries } from "../../provider/resources/container/options";

/** How an option is tested: set, set again, changed. What is shown is always what Docker's inspect says. */
export interface OptionCase {
  set: unknown;
  change: unknown;
  /** Other options it needs. */
  beside?: Record<string, unknown>;
  /** Where inspect has it. */
  shown(container: Container): unknown;
  /** What it says when set, and when changed. */
  expected: [unknown, unknown];
  /** Why the lab's hosts cannot apply it: it is tested on the create payload alone. */
  notOnLab?: string;
  /** Whether it shows in what becomes of the container's process, of which a fake engine has none. */
  hasToRun?: true;
}

/** Options of which no inspect tells: the test, below test/, that shows what each does. */
export interface ElsewhereCase {
  set: unknown;
  change: unknown;
  beside?: Record<string, unknown>;
  elsewhere: string;
}

const host = (name: keyof Container["HostConfig"]) => (container: Container) => container.HostConfig[name];
const config = (name: keyof Container["Config"]) => (container: Container) => container.Config[name];

const MB = 1024 * 1024;
const NO_CONTROLLER = "the lab's hosts have no controller for it, and their engine discards it";

/** A network that every host has where the cases are tested. */
export const CASES_NETWORK = "cases";
export const CASES_SUBNET = "10.94.0.0/24";

export const optionCases: Record<OptionName, OptionCase | ElsewhereCase> = {
  image: {
    set: "busybox:1.35",
    change: "httpd:2",
    shown: config("Image"),
    expected: ["busybox:1.35", "httpd:2"],
    notOnLab: "the lab has one image that runs by itself",
  },
  command: {
    set: ["sleep", "1000"],
    change: ["sleep", "2000"],
    shown: config("Cmd"),
    expected: [
      ["sleep", "1000"],
      ["sleep", "2000"],
    ],
  },
  envs: {
    set: ["B=2", "A=1"],
    change: ["A=1", "B=3"],
    shown: ({ Config }) => Config.Env?.filter((env) => !env.startsWith("PATH=")),
    expected: [
      ["A=1", "B=2"],
      ["A=1", "B=3"],
    ],
  },
  labels: {
    set: { tier: "front" },
    change: [{ label: "tier", value: "back" }],
    shown: ({ Config }) => Config.Labels?.tier,
    expected: ["front", "back"],
  },
  restart: {
    set: "always",
    change: "unless-stopped",
    shown: ({ HostConfig }) => HostConfig.RestartPolicy?.Name,
    expected: ["always", "unless-stopped"],
  },
  mustRun: {
    set: false,
    change: true,
    // It ends when it is started first, and runs when it is started again, which it is for having to run alone.
    beside: { command: ["sh", "-c", "test -e /ran || { touch /ran; exit 0; }; exec sleep 100000"] },
    shown: ({ State }) => [State.Running, State.ExitCode],
    expected: [
      [false, 0],
      [true, 0],
    ],
    hasToRun: true,
  },
  networkMode: { set: "none", change: "host", shown: host("NetworkMode"), expected: ["none", "host"] },
  networksAdvanced: {
    set: [{ name: CASES_NETWORK, aliases: ["web"], ipv4Address: "10.94.0.80" }],
    change: [{ name: CASES_NETWORK, aliases: ["www"], ipv4Address: "10.94.0.81" }, { name: "bridge" }],
    shown: ({ Id, NetworkSettings: { Networks } }) => [
      Object.keys(Networks).sort(),
      Networks[CASES_NETWORK]?.IPAddress,
      Networks[CASES_NETWORK]?.Aliases?.filter((alias) => !Id.startsWith(alias)),
    ],
    expected: [
      [[CASES_NETWORK], "10.94.0.80", ["web"]],
      [["bridge", CASES_NETWORK], "10.94.0.81", ["www"]],
    ],
  },
  pullTriggers: { set: ["1"], change: ["2"], elsewhere: "e2e/containerImages.test.ts: is no change while" },
  registryAuth: {
    set: { username: "me", password: "secret" },
    change: { username: "me", password: "other" },
    elsewhere: "e2e/containerImages.test.ts: is pulled once for three",
  },
  entrypoints: {
    set: ["/bin/sleep"],
    change: ["/bin/sh", "-c", "sleep 1000"],
    beside: { command: ["1000"] },
    shown: config("Entrypoint"),
    expected: [["/bin/sleep"], ["/bin/sh", "-c", "sleep 1000"]],
  },
  workingDir: { set: "/tmp", change: "/root", shown: config("WorkingDir"), expected: ["/tmp", "/root"] },
  user: { set: "nobody", change: "65534:65534", shown: config("User"), expected: ["nobody", "65534:65534"] },
  hostname: { set: "alpha", change: "beta", shown: config("Hostname"), expected: ["alpha", "beta"] },
  domainname: { set: "a.test", change: "b.test", shown: config("Domainname"), expected: ["a.test", "b.test"] },
  tty: { set: true, change: false, shown: ({ Config }) => Config.Tty ?? false, expected: [true, false] },
  stdinOpen: { set: true, change: false, shown: ({ Config }) => Config.OpenStdin ?? false, expected: [true, false] },
  init: {
    set: true,
    change: false,
    shown: host("Init"),
    expected: [true, false],
    notOnLab: "the lab's engines come without docker-init",
  },
  stopSignal: { set: "SIGINT", change: "sigquit", shown: config("StopSignal"), expected: ["SIGINT", "SIGQUIT"] },
  stopTimeout: { set: 3, change: 4, shown: config("StopTimeout"), expected: [3, 4] },
  maxRetryCount: {
    set: 3,
    change: 4,
    beside: { restart: "on-failure" },
    shown: host("RestartPolicy"),
    expected: [
      { Name: "on-failure", MaximumRetryCount: 3 },
      { Name: "on-failure", MaximumRetryCount: 4 },
    ],
  },
  start: { set: false, change: true, shown: ({ State }) => State.Running, expected: [false, true] },
  destroyGraceSeconds: { set: 3, change: 4, elsewhere: "unit/resources/container/delete.test.ts: gives it" },
  removeVolumes: {
    set: false,
    change: true,
    elsewhere: "unit/resources/container/delete.test.ts: leaves its anonymous volumes",
  },
  memory: {
    set: 64,
    change: 128,
    shown: ({ HostConfig }) => [HostConfig.Memory, HostConfig.MemorySwap],
    expected: [
      [64 * MB, 128 * MB],
      [128 * MB, 256 * MB],
    ],
    notOnLab: NO_CONTROLLER,
  },
  memoryReservation: {
    set: 32,
    change: 48,
    shown: host("MemoryReservation"),
    expected: [32 * MB, 48 * MB],
    notOnLab: NO_CONTROLLER,
  },
  memorySwap: {
    set: 96,
    change: -1,
    beside: { memory: 64 },
    shown: host("MemorySwap"),
    expected: [96 * MB, -1],
    notOnLab: NO_CONTROLLER,
  },
  cpus: {
    set: "0.5",
    change: "1.50",
    shown: host("NanoCpus"),
    expected: [5e8, 15e8],
    notOnLab: NO_CONTROLLER,
  },
  cpuShares: { set: 512, change: 256, shown: host("CpuShares"), expected: [512, 256], notOnLab: NO_CONTROLLER },
  cpuPeriod: {
    set: 50_000,
    change: 60_000,
    shown: host("CpuPeriod"),
    expected: [50_000, 60_000],
    notOnLab: NO_CONTROLLER,
  },
  cpuQuota: {
    set: 25_000,
    change: 30_000,
    shown: host("CpuQuota"),
    expected: [25_000, 30_000],
    notOnLab: NO_CONTROLLER,
  },
  cpuSet: { set: "0", change: "0-1", shown: host("CpusetCpus"), expected: ["0", "0-1"], notOnLab: NO_CONTROLLER },
  shmSize: { set: 8, change: 16, shown: host("ShmSize"), expected: [8 * MB, 16 * MB] },
  ulimits: {
    set: [{ name: "nofile", soft: 1024, hard: 2048 }],
    change: [{ name: "nofile", soft: 512, hard: 2048 }],
    shown: host("Ulimits"),
    expected: [[{ Name: "nofile", Soft: 1024, Hard: 2048 }], [{ Name: "nofile", Soft: 512, Hard: 2048 }]],
  },
  volumes: {
    set: [
      { containerPath: "/data", volumeName: "crosshost-data" },
      { containerPath: "/etc/motd.d", hostPath: "/tmp", readOnly: true },
      { containerPath: "/scratch" },
    ],
    change: [{ containerPath: "/data", volumeName: "crosshost-data", readOnly: true }],
    shown: ({ Config, HostConfig }) => [HostConfig.Binds, Object.keys(Config.Volumes ?? {})],
    expected: [
      [["crosshost-data:/data", "/tmp:/etc/motd.d:ro"], ["/scratch"]],
      [["crosshost-data:/data:ro"], []],
    ],
  },
  mounts: {
    set: [{ type: "tmpfs", target: "/m", tmpfsOptions: { sizeBytes: MB, mode: 0o700 } }],
    change: [{ type: "bind", source: "/tmp", target: "/m", readOnly: true, bindOptions: { propagation: "rprivate" } }],
    shown: host("Mounts"),
    expected: [
      [{ Type: "tmpfs", Target: "/m", TmpfsOptions: { SizeBytes: MB, Mode: 0o700 } }],
      [{ Type: "bind", Source: "/tmp", Target: "/m", ReadOnly: true, BindOptions: { Propagation: "rprivate" } }],
    ],
  },
  tmpfs: {
    set: { "/t": "size=1m" },
    change: { "/t": "size=2m" },
    shown: host("Tmpfs"),
    expected: [{ "/t": "size=1m" }, { "/t": "size=2m" }],
  },
  readOnly: {
    set: true,
    change: false,
    shown: ({ HostConfig }) => HostConfig.ReadonlyRootfs ?? false,
    expected: [true, false],
  },
  storageOpts: {
    set: { size: "1G" },
    change: { size: "2G" },
    shown: host("StorageOpt"),
    expected: [{ size: "1G" }, { size: "2G" }],
    notOnLab: "its file system has no quota",
  },
  uploads: {
    set: [{ file: "/etc/a.conf", content: "one" }],
    change: [{ file: "/etc/a.conf", contentBase64: "dHdv" }],
    elsewhere: "unit/resources/container/uploads.test.ts: puts",
  },
  ports: {
    set: [
      { internal: 80, external: 8080 },
      { internal: 53, external: 5353, ip: "127.0.0.1", protocol: "udp" },
    ],
    change: [{ internal: 80, external: 8081 }],
    shown: host("PortBindings"),
    expected: [
      {
        "53/udp": [{ HostIp: "127.0.0.1", HostPort: "5353" }],
        "80/tcp": [{ HostIp: "", HostPort: "8080" }],
      },
      { "80/tcp": [{ HostIp: "", HostPort: "8081" }] },
    ],
  },
  publishAllPorts: {
    set: true,
    change: false,
    shown: ({ HostConfig }) => HostConfig.PublishAllPorts ?? false,
    expected: [true, false],
  },
  dns: {
    set: ["10.0.0.1", "10.0.0.2"],
    change: ["10.0.0.2", "10.0.0.1"],
    shown: host("Dns"),
    expected: [
      ["10.0.0.1", "10.0.0.2"],
      ["10.0.0.2", "10.0.0.1"],
    ],
  },
  dnsOpts: { set: ["ndots:2"], change: ["ndots:3"], shown: host("DnsOptions"), expected: [["ndots:2"], ["ndots:3"]] },
  dnsSearches: { set: ["a.test"], change: ["b.test"], shown: host("DnsSearch"), expected: [["a.test"], ["b.test"]] },
  hosts: {
    set: [{ host: "db", ip: "10.0.0.9" }],
    change: [{ host: "db", ip: "fd00::9" }],
    shown: host("ExtraHosts"),
    expected: [["db:10.0.0.9"], ["db:fd00::9"]],
  },
  privileged: {
    set: true,
    change: false,
    shown: ({ HostConfig }) => HostConfig.Privileged ?? false,
    expected: [true, false],
    notOnLab: "a host that is itself a container cannot give all devices away",
  },
  capabilities: {
    set: { adds: ["net_admin"], drops: ["CAP_MKNOD"] },
    change: { adds: ["NET_ADMIN", "SYS_TIME"] },
    shown: ({ HostConfig }) =>
      [HostConfig.CapAdd, HostConfig.CapDrop ?? []].map((list) => list?.map((cap) => cap.replace("CAP_", ""))),
    expected: [
      [["NET_ADMIN"], ["MKNOD"]],
      [["NET_ADMIN", "SYS_TIME"], []],
    ],
  },
  groupAdds: { set: ["10"], change: ["11", "10"], shown: host("GroupAdd"), expected: [["10"], ["10", "11"]] },
  devices: {
    set: [{ hostPath: "/dev/null", containerPath: "/dev/nothing" }],
    change: [{ hostPath: "/dev/zero", permissions: "r" }],
    shown: host("Devices"),
    expected: [
      [{ PathOnHost: "/dev/null", PathInContainer: "/dev/nothing", CgroupPermissions: "rwm" }],
      [{ PathOnHost: "/dev/zero", PathInContainer: "/dev/zero", CgroupPermissions: "r" }],
    ],
  },
  gpus: {
    set: "all",
    change: undefined,
    shown: ({ HostConfig }) => HostConfig.DeviceRequests ?? null,
    expected: [[{ Driver: "", Count: -1, Capabilities: [["gpu"]] }], null],
    notOnLab: "it has no GPU",
  },
  sysctls: {
    set: { "net.ipv4.ip_forward": "0" },
    change: { "net.ipv4.ip_forward": "1" },
    shown: host("Sysctls"),
    expected: [{ "net.ipv4.ip_forward": "0" }, { "net.ipv4.ip_forward": "1" }],
  },
  securityOpts: {
    set: ["no-new-privileges"],
    change: ["seccomp=unconfined", "no-new-privileges"],
    shown: host("SecurityOpt"),
    expected: [["no-new-privileges"], ["no-new-privileges", "seccomp=unconfined"]],
  },
  runtime: {
    set: "runc",
    change: "io.containerd.runc.v2",
    shown: host("Runtime"),
    expected: ["runc", "io.containerd.runc.v2"],
  },
  pidMode: {
    set: "host",
    change: undefined,
    shown: ({ HostConfig }) => HostConfig.PidMode ?? "",
    expected: ["host", ""],
  },
  ipcMode: { set: "shareable", change: "host", shown: host("IpcMode"), expected: ["shareable", "host"] },
  usernsMode: {
    set: "host",
    change: undefined,
    shown: ({ HostConfig }) => HostConfig.UsernsMode ?? "",
    expected: ["host", ""],
  },
  cgroupnsMode: { set: "host", change: "private", shown: host("CgroupnsMode"), expected: ["host", "private"] },
  cgroupParent: {
    set: "/a",
    change: "/b",
    shown: host("CgroupParent"),
    expected: ["/a", "/b"],
    notOnLab: "its hosts have no control groups of their own to choose from",
  },
  logDriver: {
    set: "json-file",
    change: "none",
    shown: ({ HostConfig }) => HostConfig.LogConfig?.Type,
    expected: ["json-file", "none"],
  },
  logOpts: {
    set: { "max-size": "1m" },
    change: { "max-size": "2m" },
    beside: { logDriver: "json-file" },
    shown: ({ HostConfig }) => HostConfig.LogConfig?.Config,
    expected: [{ "max-size": "1m" }, { "max-size": "2m" }],
  },
  healthcheck: {
    set: { tests: ["CMD", "true"], interval: "90s", timeout: "2s", startPeriod: "1s", retries: 5 },
    change: { tests: ["CMD-SHELL", "true"], interval: "1500ms" },
    shown: config("Healthcheck"),
    expected: [
      { Test: ["CMD", "true"], Interval: 90e9, Timeout: 2e9, StartPeriod: 1e9, Retries: 5 },
      { Test: ["CMD-SHELL", "true"], Interval: 1.5e9 },
    ],
  },
  wait: { set: true, change: false, elsewhere: "unit/resources/container/ready.test.ts: waits" },
  waitTimeout: { set: 5, change: 6, elsewhere: "unit/resources/container/ready.test.ts: gives up" },
};

export function isSeenElsewhere(each: OptionCase | ElsewhereCase): each is ElsewhereCase {
  return "elsewhere" in each;
}

export interface LabCase extends OptionCase {
  option: OptionName;
  /** What the table says a change does. */
  replaces: boolean;
  /** Whether the changed one differs from the set one for who adopts: what is left to the engine never does. */
  differs: boolean;
}

/** The cases of all options that the lab's hosts can apply. */
export const labCases = optionEntries.flatMap(([option, { onChange, leftToEngine }]): LabCase[] => {
  const each = optionCases[option];
  if (isSeenElsewhere(each) || each.notOnLab) return [];
  const replaces = onChange === "replace";
  return [{ ...each, option, replaces, differs: replaces && !(leftToEngine && each.change === undefined) }];
});
