import { unlessNotFound } from "../docker/errors";
import { Coalesced } from "../run/coalesced";
import type { RunContext } from "../run/context";
import { settleAll } from "../settleAll";
import { Semaphore } from "../ssh/semaphore";
import type { Deadline } from "../wait";
import type { Answer } from "./answers";
import { asking, HostLost } from "./hostLost";
import { HURRIED, probe, type Target, type Vantage } from "./probe";
import type { Subject } from "./proof";
import { Roster } from "./roster";
import type { Endpoint } from "./survey";
import { planTrips, type Trip, type WantedWay } from "./trips";
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
 * with the hosts, and is at most one command on each for all that came since the last.
 */
export class Mesh {
  readonly roster: Roster;
  /** Hosts from which nothing can be sent, and why. */
  readonly unable = new Map<string, string>();
  readonly losses: Loss[] = [];
  /** Endpoints from which nothing can be sent, by their ids. */
  private readonly mute = new Set<string>();
  private readonly ways = new Ways();
  /** Paths of sandboxes, by the ids of endpoints in them, which are others after every start. */
  private readonly keys = new Map<string, string>();
  private readonly measured = new Set<string>();
  private readonly rounds = new Coalesced(() => this.alone(() => this.round()));
  private readonly turns = new Semaphore(1);
  /** How many looks there were. */
  looks = 0;
  /** Whether the next look asks those for longer that stayed silent: the last one before they count as dead. */
  isPatient = false;
  /** Whether an endpoint is one of this stack's. */
  isOurs: (endpoint: Endpoint) => boolean = () => false;

  constructor(
    run: RunContext,
    readonly network: { id: string; name: string; packet: number },
  ) {
    this.roster = new Roster(run, network);
  }

  /** Enters a container that has joined. All come from one stack. */
  enter(subject: Subject, deadline: Deadline): void {
    this.roster.enter(subject, deadline);
    this.isOurs = ({ labels }) => subject.isOurs(labels);
    const { key = "", endpoints = [] } = subject.sandbox ?? {};
    for (const id of endpoints) this.keys.set(id, key);
  }

  /** Looks at who is on the network, and sends packets on every way that is not proven yet. */
  look(): Promise<void> {
    return this.rounds.run();
  }

  /** Does something while no look sends packets. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.hold(work);
  }

  /** The ways that concern a container: to it, and from its host to the others. */
  openWaysOf(container: string): Way[] {
    const own = this.roster.endpoints.find((endpoint) => endpoint.container === container);
    if (!own) return [];
    return this.open().filter(({ from, to }) => to.id === own.id || from === own.host);
  }

  /** Every way that was tried and not proven. From where nothing can be sent, none can be. */
  open(): Way[] {
    return this.ways
      .silent()
      .filter(
        ({ from, to }) =>
          !this.unable.has(from) &&
          this.roster.endpoints.some(({ id }) => id === to.id) &&
          this.roster.endpoints.some(({ host }) => host === from),
      );
  }

  /** What was done may have helped: ways that are silent are asked for longer once more, and endpoints may be others. */
  beginAnew(): void {
    this.roster.expire();
    for (const way of this.ways.silent()) way.wasPatient = false;
  }

  /** Takes a way for proven by something else than packets. */
  settle({ from, to }: Pick<Way, "from" | "to">): void {
    this.ways.settle(from, to);
  }

  vantageOf(endpoint: Endpoint): Promise<Vantage> {
    const { host, docker } = this.roster.member(endpoint.host);
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
    const { isPatient } = this;
    this.isPatient = false;
    this.roster.takeReturning();
    do {
      const open = this.open().filter(({ from, to }) => this.isToBeProven(from, to));
      await this.roster.look(open.flatMap(({ from, to }) => [from, to.host]));
      // What those were to prove that cannot send is left to others.
      while (await this.prove(isPatient));
    } while (this.roster.takeReturning());
    this.looks++;
  }

  private async unlessLost(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof HostLost)) throw error;
      this.roster.lose(error);
    }
  }

  /**
   * Sends packets on every way that is not proven, by one command for each endpoint that sends. Returns whether one of them
   * turned out not to be able to.
   */
  private async prove(isPatient: boolean): Promise<boolean> {
    const { size } = this.mute;
    const bySender = new Map<string, Trip[]>();
    const measuring = new Map<string, Trip>();
    for (const trip of planTrips(this.wantedWays(), (host) => this.sendersOn(host))) {
      bySender.set(trip.by.id, [...(bySender.get(trip.by.id) ?? []), trip]);
      if (!this.measured.has(hostsOf(trip))) measuring.set(hostsOf(trip), trip);
    }
    const isMeasuring = (trip: Trip) => measuring.get(hostsOf(trip)) === trip;
    const making = [...bySender.values()].map((trips) => this.make(trips, { isPatient, isMeasuring }));
    await settleAll(making.map((made) => this.unlessLost(made)));
    return this.mute.size > size;
  }

  private wantedWays(): WantedWay[] {
    const senders = this.roster.members.filter(({ id }) => this.sendersOn(id).length > 0);
    return senders.flatMap(({ id: from }) =>
      this.roster.endpoints
        .filter((to) => to.host !== from && this.isToBeProven(from, to))
        .map((to) => ({ from, to, failures: this.ways.failuresOf(from, to) })),
    );
  }

  private sendersOn(host: string): Endpoint[] {
    if (this.unable.has(host)) return [];
    return this.roster.endpoints.filter(
      (endpoint) => endpoint.host === host && this.isOurs(endpoint) && !this.mute.has(endpoint.id),
    );
  }

  /** Others' endpoints are asked in a hurry only, and are not this stack's business then. */
  private isToBeProven(from: string, to: Endpoint): boolean {
    if (this.ways.isProven(from, to)) return false;
    return this.isOurs(to) || this.ways.failuresOf(from, to) < HURRIED_TRIES;
  }

  /** Makes the trips of one sender. */
  private async make(
    trips: readonly Trip[],
    { isPatient, isMeasuring }: { isPatient: boolean; isMeasuring: (trip: Trip) => boolean },
  ): Promise<void> {
    const { by } = trips[0]!;
    const failuresOf = ({ ways }: Trip) => Math.max(...ways.map(({ failures }) => failures));
    const isLong = (trip: Trip) => isPatient && failuresOf(trip) >= HURRIED_TRIES;
    const patience = (trip: Trip) => (isLong(trip) ? PATIENT : failuresOf(trip) === 0 ? GLANCE : HURRIED);
    const asked = trips.map((trip) => ({
      address: trip.to.address,
      burst: isMeasuring(trip) ? BURST : 0,
      patience: patience(trip),
    }));
    // Of a container that has gone meanwhile there is no answer, and the next look does not find it.
    const answers = (await unlessNotFound(this.probeFrom(by, asked))) ?? new Map<string, Answer>();
    if ("unable" in answers) {
      this.mute.add(by.id);
      if (answers.isOfHost || this.sendersOn(by.host).length === 0) this.unable.set(by.host, answers.unable);
      return;
    }
    for (const trip of trips) {
      const { to } = trip;
      const { answered = false, burst, said = "nothing" } = answers.get(to.address) ?? {};
      // Entries change while engines tell each other who came and went: an answer that was the last one proves nothing.
      const isProven = answered && burst?.received !== 0;
      for (const way of trip.ways) {
        if (isProven) this.settle(way);
        else this.ways.fail({ ...way, by: way.from === by.host ? by : to, said, wasPatient: isLong(trip) });
      }
      if (!burst || !isProven) continue;
      this.measured.add(hostsOf(trip));
      if (burst.received < burst.sent) this.losses.push({ from: by.host, to: to.host, ...burst });
    }
  }
}

/** The two hosts of a trip, whichever begins. */
function hostsOf({ by, to }: Trip): string {
  return [by.host, to.host].sort().join(" ");
}
