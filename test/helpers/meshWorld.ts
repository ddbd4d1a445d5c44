import { CrosshostError } from "../../provider/errors";
import { Mender } from "../../provider/proof/mend";
import { Mesh } from "../../provider/proof/mesh";
import type { Subject } from "../../provider/proof/proof";
import type { Connection } from "../../provider/ssh/connection";
import { Deadline } from "../../provider/wait";
import { TestClock } from "../unit/ssh/testClock";
import { FakeDocker, type SharedNetworks } from "./fakeDocker";
import { FakeHost } from "./fakeHost";
import { fakeRun } from "./fakeRun";

const NETWORK = "n".repeat(64);
const ADDRESSES = ["10.77.0.1", "10.77.0.2", "10.77.0.3"];
/** Port 7946 of an address, as /proc/net/tcp has it while something listens there. */
const listening = (last: number) => `  0: 0${last}004D0A:1F0A 00000000:0000 0A\n`;

/** What is asked of a host by which script. */
const ASKED = {
  neigh: "neigh show",
  correct: "bridge fdb replace",
} as const;

export interface MeshWorldOptions {
  /** Which addresses on the network answer which host. */
  answers?: (from: string, to: string) => boolean;
  /** What a host's namespace of the network shows. */
  entries?: (from: string) => string;
  hasGossip?: (host: string) => boolean;
  /** What is said of packets in a row. */
  burst?: (from: string, to: string) => string;
  /** What a host's packets to these addresses are waited for. */
  flight?: (from: string, to: readonly string[]) => Promise<void>;
  /** Hosts that lack what sends packets. */
  cannotSend?: readonly string[];
  /** Hosts whose user is not root. */
  isNobody?: readonly string[];
}

interface JoinOptions {
  /** Whether it has a proof of its own. Default where it is of this stack. */
  isEntered?: boolean;
  /** Whether its engine has shown it. */
  isShown?: boolean;
  /** Default the next one. */
  address?: string;
}

/** Three hosts with one overlay, on which containers are to reach each other. */
export function meshWorld({
  answers = () => true,
  entries = () => "",
  hasGossip = () => true,
  burst = () => "",
  flight = async () => undefined,
  cannotSend = [],
  isNobody = [],
}: MeshWorldOptions = {}) {
  const asked: string[] = [];
  /** The hosts whose containers were listed. */
  const listed: string[] = [];
  const tries: { to: string; patience: string }[] = [];
  /** The arguments of what was put right, by host. */
  const corrected: string[] = [];
  const patience = (address: string) => tries.filter(({ to }) => to === address).map((one) => one.patience);
  const shared: SharedNetworks = new Map();
  const dockers = ADDRESSES.map((address) => {
    const info = { ClusterStore: "consul://10.77.0.1:8500", ClusterAdvertise: `${address}:2376` };
    const docker = new FakeDocker({ address, info, shared });
    const list = docker.containers.list;
    docker.containers.list = (...options) => {
      listed.push(address);
      return list(...options);
    };
    return docker;
  });
  const hostOf = (address: string) =>
    new FakeHost(
      {
        "sh -c": async ([, , text, , ...args]) => {
          if (text!.includes(ASKED.neigh)) return entries(address);
          if (text!.includes(ASKED.correct)) {
            corrected.push(`${address}: ${args.slice(1).join(" ")}`);
            return "";
          }
          if (isNobody.includes(address)) throw new CrosshostError("no root", { code: "no-permission" });
          if (cannotSend.includes(address)) return { exitCode: 127, stderr: "sh: 1: nsenter: not found" };
          const targets = args.slice(3);
          const addresses = targets.filter((_, i) => i % 3 === 0);
          for (let i = 0; i < targets.length; i += 3) tries.push({ to: targets[i]!, patience: targets[i + 2]! });
          asked.push(`${address}: ${addresses.join(" ")}`);
          await flight(address, addresses);
          const line = (to: string, i: number) => {
            const inARow = targets[3 * i + 1] === "0" ? "" : burst(address, to);
            return `${to} 1 packets transmitted, ${answers(address, to) ? 1 : 0} received${inARow}`;
          };
          return `${addresses.map(line).join("\n")}\n`;
        },
        "bash -c": "answers",
        "cat /proc/net/tcp": () => (hasGossip(address) ? listening(Number(address.at(-1))) : ""),
      },
      address,
      "root",
      () => ({ destroy: () => undefined }) as never,
    );
  const { run, said } = fakeRun(
    Object.fromEntries(ADDRESSES.map((address, i) => [address, { docker: dockers[i]!, host: hostOf(address) }])),
  );
  run.peers.meet({ name: "ov", connections: ADDRESSES.map((host) => ({ host })) });
  const mesh = new Mesh(run, { id: NETWORK, name: "ov", packet: 1450 });
  const mender = new Mender(run, mesh);
  const deadline = new Deadline(600_000, new TestClock());
  let count = 0;
  /** A container that runs on a host, of this stack or of another. */
  const join = async (
    host: number,
    name: string,
    labels: Record<string, string> = { ours: "yes" },
    { isEntered = "ours" in labels, isShown = true, address }: JoinOptions = {},
  ): Promise<Subject> => {
    const docker = dockers[host - 1]!;
    if (!shared.has("ov")) await docker.networks.create({ Name: "ov", Driver: "overlay" });
    shared.get("ov")!.Id = NETWORK;
    const HostConfig = { NetworkMode: "ov" };
    const { Id } = await docker.containers.create(name, { Image: "busybox:1.35", Labels: labels, HostConfig });
    const container = docker.containersById.get(Id)!;
    const [endpoint] = Object.values(container.NetworkSettings.Networks);
    count++;
    Object.assign(endpoint!, {
      NetworkID: NETWORK,
      EndpointID: `e${count}`,
      IPAddress: address ?? `10.200.0.${count}`,
    });
    Object.assign(endpoint!, { IPPrefixLen: 24, MacAddress: `02:42:0a:c8:00:0${count}` });
    container.State.Running = true;
    const connection = { host: ADDRESSES[host - 1]! } as Connection;
    const { SandboxKey: sandboxKey, Networks: endpoints } = structuredClone(container.NetworkSettings);
    const shown = isShown ? { sandboxKey, labels, endpoints } : undefined;
    const isOurs = (l: object) => "ours" in l;
    const subject = { host: connection.host, connection, container: Id, name, shown, isOurs };
    if (isEntered) mesh.enter(subject, deadline);
    docker.settle();
    return subject;
  };
  return { run, mesh, mender, deadline, join, asked, listed, patience, corrected, dockers, said };
}

/** What a namespace shows of an endpoint: its address ends in `last`, and its host's in `host`. */
export function entry(last: number, host: number): string {
  const mac = `02:42:0a:c8:00:0${last}`;
  return `10.200.0.${last} dev vxlan0 lladdr ${mac} PERMANENT\n${mac} dev vxlan0 dst 10.77.0.${host} self permanent\n`;
}
