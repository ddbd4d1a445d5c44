import type { Container } from "../docker/containerTypes";
import type { Endpoint } from "../docker/types";
import { interfacesOf, subnetOf } from "../engine/interfaces";
import type { Task } from "../lifecycle";
import type { Host } from "../ssh/host";
import type { NetworkOfProof, Subject } from "./proof";
import { reconnectAll } from "./reconnect";

/** One of a container's addresses on a LAN, and what is to be known of it. */
export interface OnLan extends Subject {
  network: NetworkOfProof;
  address: string;
  /** Undefined where it shares that of its host's interface, or where its engine does not say. */
  mac: string | undefined;
}

/** A container's addresses on a LAN, IPv4 first, or why it has no way there. */
export type Found = { addresses: OnLan[]; lost?: undefined } | { addresses?: undefined; lost: string };

/**
 * What a container has on a LAN. When a host's interface goes, the kernel takes the links of all containers on it along,
 * and the engine is not told: it shows the endpoint as before. Where the interface is back, the endpoint is made anew.
 */
export async function findOnLan(
  subject: Subject,
  network: NetworkOfProof,
  own: Host,
  task: Task,
  { mayTouch }: { mayTouch: boolean },
): Promise<Found> {
  const { name, host } = subject;
  const docker = await task.run.docker(subject.connection, task.deadline);
  const container = await docker.containers.inspect(subject.container);
  const endpoint = endpointIn(container, network);
  if (!endpoint?.IPAddress) return { addresses: [] };
  const { parent = "" } = network.options;
  if (await hasLink(own, container, endpoint)) return { addresses: addressesOf(subject, network, endpoint) };
  const lost = `${host}: "${name}" has lost its link on "${network.name}"`;
  if (!(await isThere(own, parent))) return { lost: `${lost}: there is no ${parent} any more` };
  if (!mayTouch) return { lost: `${lost}: ${parent} was gone and is back; \`pulumi up\` connects it again` };
  task.run.progress(host, `connecting "${name}" to "${network.name}" again, whose ${parent} was gone and is back`);
  await reconnectAll(task.run, docker, network, [subject]);
  const again = endpointIn(await docker.containers.inspect(container.Id), network);
  return { addresses: again ? addressesOf(subject, network, again) : [] };
}

function endpointIn({ NetworkSettings }: Container, { id }: NetworkOfProof): Endpoint | undefined {
  return Object.values(NetworkSettings.Networks).find(({ NetworkID }) => NetworkID === id);
}

function addressesOf(subject: Subject, network: NetworkOfProof, endpoint: Endpoint): OnLan[] {
  const mac = endpoint.MacAddress.toLowerCase() || undefined;
  const addresses = [endpoint.IPAddress, endpoint.GlobalIPv6Address].filter((address) => address !== "");
  return addresses.map((address) => ({ ...subject, network, address, mac }));
}

async function hasLink(own: Host, container: Container, { IPAddress, IPPrefixLen }: Endpoint): Promise<boolean> {
  const interfaces = await interfacesOf(own, container);
  return interfaces === undefined || interfaces.has(subnetOf(IPAddress, IPPrefixLen) ?? "");
}

async function isThere(own: Host, link: string): Promise<boolean> {
  const { exitCode } = await own.run(["ip", "link", "show", "dev", link], { allowedExitCodes: [0, 1] });
  return exitCode === 0;
}
