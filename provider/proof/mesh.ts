import { unlessNotFound } from "../docker/errors";
import { CrosshostError, isCode } from "../errors";
import { Coalesced } from "../run/coalesced";
import type { RunContext } from "../run/context";
import { settleAll } from "../settleAll";
import type { Connection } from "../ssh/connection";
import { hostId } from "../ssh/hostId";
import { Semaphore } from "../ssh/semaphore";
import type { Deadline } from "../wait";
import { asking, HostLost } from "./hostLost";
import { HURRIED, probe, type Target, type Vantage } from "./probe";
import type { Subject } from "./proof";
import { type Endpoint, endpointsOn, type Member, membersOf } from "./survey";
import { type Way, Ways } from "./ways";

/** Of packets sent in a row between two hosts, how many came back. */
export interface Loss {
  from: string;
  to: string;
  sent: number;
  received: number;
}

/** Packets in a row, once for every two hosts, to see whether some are lost; milliseconds on a LAN. */
const BURST = 100;

/**
 * How often an endpoint is asked in a hurry before it is asked for longer, once: sixty containers at once keep hosts busy. The
 * first time is for no more than a glance: what is wrong by then may well be an entry that a host has kept of the address,
 * which is soon seen and put right.
 */
const HURRIED_TRIES = 3;
const GLANCE = HURRIED.slice(0, 1);
const PATIENT = [...HURRIED, 4];

/**
 * One network, as a run knows it: which hosts were seen to reach which endpoints. It is from hosts and not from containers
 * that ways are proven, since all containers of a host use the same entries of its network's namespace: so the work grows
 * with the hosts, and is one command on each for all that came since the last.
 */
export class Mesh {
  members: Member[] = [];
  endpoints: Endpoint[] = [];
  /** Hosts that do not answer, and why. */
  readonly unreached = new Map<string, string>();
  /** Hosts from which nothing can be sent, and why. */
  readonly unable = new Map<string, string>();
  readonly losses: Loss[] = [];
  private readonly ways = new Ways();
  private readonly keys = new Map<string, string>();
  private readonly measured = new Set<string>();
  private readonly rounds = new Coalesced(() => this.alone(() => this.round()));
  private readonly turns = new Semaphore(1);
  private readonly connections = new Map<string, Connection>();
  private readonly lost = new Map<string, HostLost>();
  private deadline!: Deadline;
  /** How many looks there were. */
  looks = 0;
  /** Whether the next look asks those for longer that stayed silent: the last one before they count as dead. */
  isPatient = false;
  /** Whether an endpoint is one of this stack's. */
  isOurs: (endpoint: Endpoint) => boolean = () => false;

  constructor(
    private readonly run: RunContext,
    readonly network: { id: string; name: string; packet: number },
  ) {}

  /** Enters a container that has joined, and so its host, which is there. All come from one stack. */
  enter({ connection, host, isOurs }: Subject, deadline: Deadline): void {
    this.connections.set(host, connection);
    this.unreached.delete(host);
    this.isOurs = ({ labels }) => isOurs(labels);
    this.deadline = deadline;
  }

  /** Looks at who is on the network, and sends packets on every way that is not proven yet. */
  look(): Promise<void> {
    return this.rounds.run();
  }

  /** Does something while no look sends packets. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.hold(work);
  }

  /** Whether a container is on the network. */
  has(container: string): boolean {
    return this.endpoints.some((endpoint) => endpoint.container === container);
  }

  /** The ways that concern a container: to it, and from its host to the others. */
  openWaysOf(container: string): Way[] {
    const own = this.endpoints.find((endpoint) => endpoint.container === container);
    if (!own) return [];
    return this.open().filter(({ from, to }) => to.id === own.id || from === own.host);
  }

  /** Every way that was tried and not proven. */
  open(): Way[] {
    return this.ways
      .silent()
      .filter(
        ({ from, to }) =>
          this.endpoints.some(({ id }) => id === to.id) && this.endpoints.some(({ host }) => host === from),
      );
  }

  /** What was done may have helped: ways that are silent are asked for longer once more. */
  beginAnew(): void {
    for (const way of this.ways.silent()) way.wasPatient = false;
  }

  /** Takes a way for proven by something else than packets. */
  settle({ from, to }: Pick<Way, "from" | "to">): void {
    this.ways.settle(from, to);
  }

  /** A host that answered the last look; one that has gone since then is lost. */
  member(id: string): Member {
    const found = this.members.find((member) => member.id === id);
    if (found) return found;
    const reason = this.unreached.get(id) ?? "it is not reached any more";
    throw this.lost.get(id) ?? new HostLost(id, new CrosshostError(reason, { code: "not-ready" }));
  }

  /** Leaves a host out that does not answer any more; where only its connection was lost, it is connected to once more. */
  lose(lost: HostLost): void {
    const { id, isPassing, reason } = lost;
    // One loss shows in everything that is going on there.
    if (!this.members.some((member) => member.id === id)) return;
    const isFirst = !this.lost.has(id);
    this.lost.set(id, lost);
    this.members = this.members.filter((member) => member.id !== id);
    this.endpoints = this.endpoints.filter(({ host }) => host !== id);
    if (!isPassing || !isFirst) this.unreached.set(id, reason);
  }

  /** What was lost of a host, the last time that something was. */
  lossOf(id: string): HostLost | undefined {
    return this.lost.get(id);
  }

  vantageOf(endpoint: Endpoint): Promise<Vantage> {
    const { host, docker } = this.member(endpoint.host);
    return asking(endpoint.host, async () => {
      let sandboxKey = this.keys.get(endpoint.id);
      if (sandboxKey === undefined) {
        sandboxKey = (await docker.containers.inspect(endpoint.container)).NetworkSettings.SandboxKey;
        this.keys.set(endpoint.id, sandboxKey);
      }
      return { host, docker, containerId: endpoint.container, sandboxKey };
    });
  }

  /** Sends packets from an endpoint's own sandbox. */
  async probeFrom(by: Endpoint, targets: readonly Target[], packet = this.network.packet) {
    const vantage = await this.vantageOf(by);
    return await asking(by.host, () => probe(vantage, targets, packet));
  }

  private async round(): Promise<void> {
    const [anyHost] = this.connections.keys();
    const known = new Map(this.run.peers.hostsOf(this.network.name, anyHost).map((one) => [hostId(one), one]));
    for (const [id, connection] of this.connections) known.set(id, connection);
    const members = await membersOf(this.run, [...known.values()], this.unreached, this.deadline);
    const endpoints = await settleAll(members.map((member) => this.endpointsOn(member)));
    // At once: whoever asks meanwhile must find the host of each endpoint.
    this.members = members;
    this.endpoints = endpoints.flatMap((found) => (found instanceof HostLost ? [] : found));
    for (const lost of endpoints) if (lost instanceof HostLost) this.lose(lost);
    const { isPatient } = this;
    this.isPatient = false;
    await settleAll(this.members.map(({ id }) => this.unlessLost(this.lookFrom(id, isPatient))));
    this.looks++;
  }

  private async endpointsOn(member: Member): Promise<Endpoint[] | HostLost> {
    try {
      return await asking(member.id, () => endpointsOn(member, this.network.id));
    } catch (error) {
      if (error instanceof HostLost) return error;
      if (!isCode(error, "no-permission")) throw error;
      return new HostLost(member.id, error as CrosshostError);
    }
  }

  private async unlessLost(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof HostLost)) throw error;
      this.lose(error);
    }
  }

  private async lookFrom(id: string, isPatient: boolean): Promise<void> {
    const locals = this.endpoints.filter((endpoint) => endpoint.host === id && this.isOurs(endpoint));
    const targets = this.endpoints.filter((to) => to.host !== id && this.isToBeProven(id, to));
    if (locals.length === 0 || targets.length === 0 || this.unable.has(id)) return;
    const by = this.senderAmong(id, locals, targets);
    const measured = this.notMeasured(id, targets);
    const isLong = (to: Endpoint) => isPatient && this.ways.failuresOf(id, to) >= HURRIED_TRIES;
    const patience = (to: Endpoint) => (isLong(to) ? PATIENT : this.ways.failuresOf(id, to) === 0 ? GLANCE : HURRIED);
    const asked = targets.map((to) => ({
      address: to.address,
      burst: measured.has(to.id) ? BURST : 0,
      patience: patience(to),
    }));
    const answers = await unlessNotFound(this.probeFrom(by, asked));
    // Its container has gone meanwhile: the next look sees that.
    if (!answers) return;
    if ("unable" in answers) {
      this.unable.set(id, answers.unable);
      return;
    }
    for (const to of targets) {
      const { answered = false, burst, said = "nothing" } = answers.get(to.address) ?? {};
      if (answered) this.settle({ from: id, to });
      else this.ways.fail({ from: id, to, by, said, wasPatient: isLong(to) });
      if (!burst) continue;
      this.measured.add(`${id} ${to.host}`);
      if (burst.received < burst.sent) this.losses.push({ from: id, to: to.host, ...burst });
    }
  }

  /** Others' endpoints are asked in a hurry only, and are not this stack's business then. */
  private isToBeProven(from: string, to: Endpoint): boolean {
    if (this.ways.isProven(from, to)) return false;
    return this.isOurs(to) || this.ways.failuresOf(from, to) < HURRIED_TRIES;
  }

  /** Who came last proves its own sandbox with it; who was not heard leaves it to the next one. */
  private senderAmong(host: string, locals: readonly Endpoint[], targets: readonly Endpoint[]): Endpoint {
    const tries = Math.max(0, ...targets.map((to) => this.ways.failuresOf(host, to)));
    return locals.at(tries % locals.length)!;
  }

  /** One endpoint on each other host that packets in a row were not sent to from here yet. */
  private notMeasured(from: string, targets: readonly Endpoint[]): Set<string> {
    const byHost = new Map(targets.map(({ host, id }) => [host, id]));
    return new Set([...byHost].filter(([host]) => !this.measured.has(`${from} ${host}`)).map(([, id]) => id));
  }
}
