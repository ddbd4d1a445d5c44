import { createHash } from "node:crypto";
import { CrosshostError } from "../errors";
import type { Host } from "../ssh/host";

/** A host's own link beside its containers on a macvlan network, over which it reaches them. */
export interface Shim {
  owner: string;
  /** The network's name. */
  network: string;
  parent: string;
  /** The link's own addresses, without prefix. */
  addresses: readonly string[];
  /** The host's blocks: what is reached over it. */
  blocks: readonly string[];
}

/** Eight characters that stand for the network, in names that the kernel keeps short. */
function idOf(network: string): string {
  return createHash("sha256").update(network).digest("hex").slice(0, 8);
}

export function shimLink(network: string): string {
  return `shim-${idOf(network)}`;
}

export function shimUnit(network: string): string {
  return `crosshost-shim-${idOf(network)}.service`;
}

function unitPath(network: string): string {
  return `/etc/systemd/system/${shimUnit(network)}`;
}

/** systemd's own signs in a command line are doubled. What else it reads, names of interfaces cannot have. */
const word = (text: string) => text.replaceAll("%", "%%").replaceAll("$", "$$$$");

/** Always the same for a shim, so that its neighbours need not learn it anew after a boot; locally administered. */
function macOf({ addresses }: Shim): string {
  const bytes = createHash("sha256").update(addresses.join()).digest("hex").slice(0, 10);
  return `02:${bytes.match(/../g)!.join(":")}`;
}

/**
 * The unit that makes the link at every boot, after Docker, which makes the parent where that is a VLAN's. The link is
 * taken away before it is made, so that a start after an unclean stop works, too.
 */
export function shimUnitText(shim: Shim, ipCommand: string): string {
  const { owner, network, parent, addresses, blocks } = shim;
  const link = shimLink(network);
  const ip = (...words: string[]) => [ipCommand, ...words].map(word).join(" ");
  const hostPrefix = (address: string) => (address.includes(":") ? "128" : "32");
  return `${firstLine(owner)}
[Unit]
Description=${word(`The host's own way to its containers on the macvlan network ${network}`)}
After=network-online.target docker.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStartPre=-${ip("link", "delete", link)}
ExecStart=${ip("link", "add", link, "address", macOf(shim), "link", parent, "type", "macvlan", "mode", "bridge")}
${addresses.map((address) => `ExecStart=${ip("address", "add", `${address}/${hostPrefix(address)}`, "dev", link)}\n`).join("")}ExecStart=${ip("link", "set", link, "up")}
${blocks.map((block) => `ExecStart=${ip("route", "add", block, "dev", link)}\n`).join("")}ExecStopPost=-${ip("link", "delete", link)}

[Install]
WantedBy=multi-user.target
`;
}

function firstLine(owner: string): string {
  return `# Made by pulumi-crosshost for ${owner}; removed with it. Changes are overwritten.`;
}

/** What the unit of that name says, whosever it is; undefined where there is none. */
export async function readShimUnit(host: Host, network: string): Promise<string | undefined> {
  const file = await host.readFile(unitPath(network));
  return file?.content.toString();
}

/** Whether the host's shim is as it should be: the unit, and with `hasLink` what it makes. */
export function hasShim(shim: Shim, unit: string | undefined, ipCommand: string, hasLink: boolean): boolean {
  return hasLink && unit === shimUnitText(shim, ipCommand);
}

/** Writes the unit and starts it; whoever else's file has its name stays. */
export async function makeShim(host: Host, shim: Shim, ipCommand: string): Promise<void> {
  requireOwnShim(host.address, shim, await readShimUnit(host, shim.network));
  const unit = shimUnit(shim.network);
  await host.writeFile(unitPath(shim.network), shimUnitText(shim, ipCommand), { mode: 0o644 });
  await host.run(["systemctl", "daemon-reload"], { asRoot: true });
  await host.run(["systemctl", "enable", unit], { asRoot: true });
  await host.run(["systemctl", "restart", unit], { asRoot: true });
}

/** Whether the host has a shim of this owner's for the network, in whatever state. */
export async function isShimOf(host: Host, { owner, network }: Owned): Promise<boolean> {
  return (await readShimUnit(host, network))?.startsWith(firstLine(owner)) ?? false;
}

/** Takes the link and the unit away; where there is none of this owner, nothing is done. */
export async function removeShim(host: Host, { owner, network }: Owned): Promise<void> {
  if (!(await isShimOf(host, { owner, network }))) return;
  const unit = shimUnit(network);
  await host.run(["systemctl", "disable", "--now", unit], { asRoot: true });
  await host.removeFile(unitPath(network));
  await host.run(["systemctl", "daemon-reload"], { asRoot: true });
  // What failed once stays in systemd's list otherwise, though it has no file any more.
  await host.run(["systemctl", "reset-failed", unit], { asRoot: true, allowedExitCodes: [0, 1, 5] });
}

/** Refuses to write over a unit of that name that is somebody else's. */
export function requireOwnShim(host: string, { owner, network }: Owned, unit: string | undefined): void {
  if (unit === undefined || unit.startsWith(firstLine(owner))) return;
  throw new CrosshostError(`host ${host}: ${unitPath(network)} is not of this network`, {
    code: "foreign",
    hint: "another program has a network of this name there; move the file away, or give the network another `name`",
  });
}

type Owned = Pick<Shim, "owner" | "network">;
