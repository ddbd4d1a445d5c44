import { readdir, readFile, writeFile } from "node:fs/promises";
import { type HostNames, type LabNames, labNames } from "./names";
import { attempt, run } from "./run";

const ip = (...args: string[]) => run("ip", args);

/** The bridge of a lab, with its address. What comes in over it reaches this machine and nothing beyond. */
export async function makeBridge({ bridge, gateway, mac }: LabNames): Promise<void> {
  if ((await links()).includes(bridge)) return;
  await ip("rule", "add", "iif", bridge, "unreachable");
  await ip("link", "add", bridge, "address", mac, "type", "bridge");
  await ip("address", "add", `${gateway}/24`, "dev", bridge);
  // A router says "unreachable", so that a host need not wait for an answer; a machine that forwards nothing is silent.
  await writeFile(`/proc/sys/net/ipv4/conf/${bridge}/forwarding`, "1");
  await ip("link", "set", bridge, "up");
}

/**
 * All hosts of all labs share this machine's kernel, and with it its table of neighbours: 1024, of which two entries go for
 * each two containers that talk. Hosts of their own would have one each.
 */
export async function makeRoomForNeighbours(): Promise<void> {
  for (const [limit, enough] of [
    ["gc_thresh3", 16384],
    ["gc_thresh2", 8192],
  ] as const) {
    const file = `/proc/sys/net/ipv4/neigh/default/${limit}`;
    if (Number(await readFile(file, "utf8")) < enough) await writeFile(file, String(enough));
  }
}

/** A network namespace for a host, with `eth0` cabled to the bridge and its address set. */
export async function wire(lab: LabNames, host: HostNames): Promise<void> {
  const { machine, link, address, mac } = host;
  await ip("netns", "add", machine);
  await ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "address", mac, "netns", machine);
  await ip("link", "set", link, "master", lab.bridge, "up");
  const inside = (...args: string[]) => ip("-netns", machine, ...args);
  await inside("link", "set", "lo", "up");
  await inside("address", "add", `${address}/24`, "dev", "eth0");
  await inside("link", "set", "eth0", "up");
  await inside("route", "add", "default", "via", lab.gateway);
  // The host's own /proc/sys may be read-only to it, and Docker wants forwarding on.
  await ip("netns", "exec", machine, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
}

/** Takes a host's cable and namespace away, as far as they are there. */
export async function unwire({ link, machine }: Pick<HostNames, "link" | "machine">): Promise<void> {
  // The link first: a namespace dies some time after its deletion returns, and its links with it.
  if ((await links()).includes(link)) await ip("link", "delete", link);
  if ((await namespaces()).includes(machine)) await ip("netns", "delete", machine);
}

/** Pulls the host's cable, or plugs it in again. */
export async function setCable({ link }: HostNames, state: "up" | "down"): Promise<void> {
  await ip("link", "set", link, state);
}

/**
 * Whether the host's port carries frames for other MAC addresses than the host's own, as a plain switch does; a cloud's
 * network, an access point and a hypervisor without promiscuous mode do not.
 */
export async function setForeignFrames({ link, machine }: HostNames, pass: boolean): Promise<void> {
  const [, own = ""] = /link\/ether (\S+)/.exec(await ip("-netns", machine, "link", "show", "eth0")) ?? [];
  const bridge = (...args: string[]) => run("bridge", args);
  const state = pass ? "on" : "off";
  await bridge("link", "set", "dev", link, "learning", state, "flood", state);
  // What the bridge has learned it would go by for minutes.
  const entries = await bridge("fdb", "show", "dev", link);
  const learned = entries.split("\n").filter((line) => / master /.test(line) && !/ permanent/.test(line));
  for (const line of learned) await bridge("fdb", "del", line.split(" ")[0]!, "dev", link, "master");
  if (!pass) await bridge("fdb", "add", own, "dev", link, "master", "static");
}

/** Removes every link, namespace and rule of a slot, whoever left it there. */
export async function removeNetwork(slot: number): Promise<void> {
  const names = labNames(slot);
  for (const link of (await links()).filter(names.ownsLink)) await ip("link", "delete", link);
  for (const machine of (await namespaces()).filter(names.ownsMachine)) await ip("netns", "delete", machine);
  while ((await attempt("ip", ["rule", "delete", "iif", names.bridge])).exitCode === 0);
}

async function links(): Promise<string[]> {
  return await readdir("/sys/class/net");
}

async function namespaces(): Promise<string[]> {
  const list = await ip("netns", "list");
  return list.split("\n").map((line) => line.split(" ")[0] ?? "");
}
