import type { Lab, LabHost } from "../../lab";
import { showTable } from "../table";

/** The example's networks, each with what it is for. */
export const networks = ["ov_net1", "lan"];

/** Shows what stands now, as the hosts' own engines say it. */
export async function report(lab: Lab): Promise<void> {
  const { hosts } = lab;
  showTable("Hosts", [
    ["host", "address", "Docker", "cluster store", "advertises"],
    ...(await Promise.all(hosts.map(hostRow))),
  ]);
  console.log(`\nThe store's page: http://${lab.host(1).address}:8500/ui/`);
  const places = networks.flatMap((network) => hosts.map((host) => ({ network, host })));
  showTable("Networks", [
    ["network", "driver", "scope", "id", "subnet", "host", "range of its containers there"],
    ...(await Promise.all(places.map(({ network, host }) => networkRow(network, host)))),
  ]);
  showTable("Containers: one sandbox each, with one endpoint in each network", [
    ["container", "host", "sandbox", "endpoint", "network", "address", "MAC address"],
    ...(await Promise.all(hosts.map(containerRows))).flat(),
  ]);
}

async function hostRow(host: LabHost): Promise<string[]> {
  const info = await docker(host, "info", "--format", "{{.ServerVersion}}|{{.ClusterStore}}|{{.ClusterAdvertise}}");
  return [host.name, host.address, ...info.split("|")];
}

async function networkRow(network: string, host: LabHost): Promise<string[]> {
  const { Driver, Scope, Id, IPAM } = await inspect<InspectedNetwork>(host, "network", network);
  const { Subnet = "", IPRange = "the whole subnet, shared through the store" } = IPAM.Config[0] ?? {};
  return [network, Driver, Scope, Id.slice(0, 12), Subnet, host.name, IPRange];
}

async function containerRows(host: LabHost): Promise<string[][]> {
  const container = webOn(host);
  const { SandboxID, Networks } = (await inspect<InspectedContainer>(host, "container", container)).NetworkSettings;
  return Object.entries(Networks).map(([network, { EndpointID, IPAddress, MacAddress }], i) => [
    ...(i === 0 ? [container, host.name, SandboxID.slice(0, 12)] : ["", "", ""]),
    ...[EndpointID.slice(0, 12), network, IPAddress, MacAddress],
  ]);
}

interface InspectedNetwork {
  Driver: string;
  Scope: string;
  Id: string;
  IPAM: { Config: { Subnet?: string; IPRange?: string }[] };
}

interface InspectedContainer {
  NetworkSettings: {
    SandboxID: string;
    Networks: Record<string, { EndpointID: string; IPAddress: string; MacAddress: string }>;
  };
}

async function inspect<T>(host: LabHost, kind: "network" | "container", name: string): Promise<T> {
  const [found] = JSON.parse(await docker(host, kind, "inspect", name)) as [T];
  return found;
}

/** The example's container on this host. */
export const webOn = (host: LabHost) => `web${host.number}`;

async function docker(host: LabHost, ...command: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await host.ssh(["docker", ...command]);
  if (exitCode !== 0) throw new Error(`${host.name}: docker ${command.join(" ")}: ${stderr.trim()}`);
  return stdout.trim();
}
