import type { DockerApi } from "../docker/api";
import type { Connection } from "../ssh/connection";
import type { Host } from "../ssh/host";
import { hostId } from "../ssh/hostId";
import type { Deadline } from "../wait";
import { type Gate, Gates } from "./gates";
import { InsecureHosts } from "./insecure";
import { Lans } from "./lans";
import { Members } from "./members";
import { Peers } from "./peers";
import { Subnets } from "./subnets";

/** How a run reaches the world; tests inject fakes. */
export interface Transport {
  host(connection: Connection, deadline: Deadline): Promise<Host>;
  /** The host's engine; calls are given up at the deadline. */
  docker(host: Host, connection: Connection, deadline: Deadline): DockerApi;
  /** Shows the user one line while the run goes on. */
  say(line: string): void;
  /** Shows the user one line until the next takes its place. */
  show?(line: string): void;
}

/** What all resources of one run share: the connections, the gates, and the user's ear. One per provider process. */
export class RunContext {
  /** Hosts that could not be reached, and why: where that is no failure, each is waited for once in a run. */
  readonly unreachable = new Map<string, { reason: string; error: unknown }>();
  /** Which hosts this run has met, and on which networks. */
  readonly peers = new Peers();
  /** The subnets of the networks this run has met. */
  readonly subnets = new Subnets();
  /** The members of clusters that this run has met. */
  readonly members = new Members();
  /** Pulls of this run by host and image: who wants the same one waits for it. */
  readonly pulls = new Map<string, Promise<void>>();
  /** Names of the containers that this run starts, or has started: their endpoints are nobody else's. */
  readonly started = new Set<string>();
  /** The LANs this run has met, and who has which addresses there. */
  readonly lans = new Lans();
  private readonly said = new Set<string>();
  private readonly hostGates = new Gates();
  private readonly storeGates = new Gates();
  private readonly containerGates = new Gates();

  private readonly insecureHosts: InsecureHosts;

  constructor(private readonly transport: Transport) {
    this.insecureHosts = new InsecureHosts((line) => transport.say(line));
  }

  /** Looks at a resource's inputs as soon as they are checked or read, so that a preview warns too. */
  seen(inputs: object): void {
    this.peers.meet(inputs);
    this.lans.meet(inputs);
    const { connection, connections } = inputs as { connection?: unknown; connections?: unknown };
    for (const each of Array.isArray(connections) ? connections : [connection]) this.insecureHosts.look(each);
  }

  /** Looks at what state has of a resource that stays, whether or not anything is done to it in this run. */
  recorded(state: object): void {
    this.members.recorded(state);
  }

  host(connection: Connection, deadline: Deadline): Promise<Host> {
    this.insecureHosts.look(connection);
    return this.transport.host(connection, deadline);
  }

  async docker(connection: Connection, deadline: Deadline): Promise<DockerApi> {
    return this.transport.docker(await this.host(connection, deadline), connection, deadline);
  }

  /** An engine's gate: calls share it, a restart takes it alone. */
  engineGate(connection: Connection): Gate {
    return this.hostGates.of(hostId(connection));
  }

  /** A store's gate: who needs the store up shares it; a restart of an engine that carries a server takes it alone. */
  storeGate(url: string): Gate {
    return this.storeGates.of(url);
  }

  /** The gates of these hosts' engines, shared. */
  sharingEngines<T>(connections: readonly Connection[], work: () => Promise<T>): Promise<T> {
    return this.hostGates.shared(connections.map(hostId), work);
  }

  /**
   * Does something with containers that nobody else does at the same time: changes their endpoints. Inside of their engines'
   * gates, never around them. `host` is a host's id, and `name` the container's.
   */
  alone<T>(containers: readonly { host: string; name: string }[], work: () => Promise<T>): Promise<T> {
    return this.containerGates.exclusive(
      containers.map(({ host, name }) => `${host} ${name}`),
      work,
    );
  }

  /** Says that these URLs lead to one store: an engine may be given any one of its servers, or all. */
  isOneStore(urls: readonly string[]): void {
    this.storeGates.join(urls);
    this.members.isOneStore(urls);
  }

  /** One line as it is. */
  say(line: string): void {
    this.transport.say(line);
  }

  /** One line as it is, unless this run has said it already. */
  sayOnce(line: string): void {
    if (!this.said.has(line)) this.say(line);
    this.said.add(line);
  }

  /** One line about a slow or noteworthy step: `10.77.0.1: restarting docker (…)`. */
  progress(host: string, step: string): void {
    this.transport.say(`${host}: ${step}`);
  }

  /** How far a slow step is: a line that the next one takes the place of. */
  status(host: string, step: string): void {
    this.transport.show?.(`${host}: ${step}`);
  }
}
