import { unlessNotFound } from "../docker/errors";
import { Coalesced } from "../run/coalesced";
import type { RunContext } from "../run/context";
import { Gate } from "../run/gates";
import { settleAll } from "../settleAll";
import type { Deadline } from "../wait";
import type { Answer } from "./answers";
import { type Flight, Flights, type Landing } from "./flights";
import { asking, HostLost } from "./hostLost";
import { HURRIED, probe, type Target, type Vantage } from "./probe";
import type { Subject } from "./proof";
import { Roster } from "./roster";
import type { Endpoint, Unshown } from "./survey";
import { planTrips, type Trip, type WantedWay } from "./trips";
import { type Ends, keyOf, pairOf, type Way, Ways } from "./ways";

/** Of packets sent in a row between two hosts, how many came back. */
export interface Loss {
  from: string;
  to: string;
  sent: number;
  received: number;
}

/** Packets in a row, once for every two hosts, to see whether some are lost; milliseconds on a LAN. */
const BURST = 200;

/**
 * How often an endpoint is asked in a hurry before it is asked for longer, once: sixty containers at once keep hosts busy. The
 * first time is for no more than a glance: what is wrong by then may well be an entry that a host has kept of the address,
 * which is soon seen and put right.
 */
const HURRIED_TRIES = 3;
const [GLANCE, ...HURRY] = HURRIED as [number, ...number[]];
const PATIENT = [...HURRY, 4];

/**
 * One network, as a run knows it: which hosts were seen to reach which endpoints. It is from hosts and not from containers
 * that ways are proven, since all containers of a host use the same entries of its network's namespace: so the work grows
 * with the hosts. Packets for who is new are sent at once, also while others' are under way.
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
  /** Every two hosts between which packets in a row were sent, or are being sent. */
  private readonly measured = new Set<string>();
  private readonly flights = new Flights();
  private readonly sending = new Gate();
  private readonly sight = new Coalesced(() => this.roster.look());
  private beginnings = 0;
  /** How often a way was tried in vain. */
  failures = 0;
  /** Containers whose proof is going on: what becomes of them is still to be read. */
  readonly proving = new Set<string>();
  /** Whether an endpoint is one of this stack's. */
  isOurs: (endpoint: Unshown) => boolean = () => false;

  constructor(
    run: RunContext,
    readonly network: { id: string; name: string; packet: number },
  ) {
    this.roster = new Roster(run, network);
  }

  /** Enters a container that has joined. All come from one stack. Returns its endpoint, where its engine has shown it. */
  enter(subject: Subject, deadline: Deadline): Endpoint | undefined {
    const endpoint = this.roster.enter(subject, deadline);
    this.isOurs = ({ labels }) => subject.isOurs(labels);
    if (endpoint && subject.shown) this.keys.set(endpoint.id, subject.shown.sandboxKey);
    return endpoint;
  }

  /**
   * Looks at who is on the network, and sends packets on every way that was not tried yet, and once more on those of a
   * container, by default on all. Ends when each of its ways was tried since it began; those of others are not waited for.
   * Where it `isPatient`, those that stayed silent before are asked for longer: the last time before they count as dead.
   */
  async look(container?: string, { isPatient = false } = {}): Promise<void> {
    const begun = this.flights.count;
    const isEnough = (flight: Flight) => flight.number >= begun && (flight.isPatient || !isPatient);
    let isDue: ((way: Ends) => boolean) | undefined;
    let returning: number | undefined;
    for (;;) {
      if (this.roster.returning !== returning) {
        returning = this.roster.returning;
        this.doubt(this.concern(container));
        await this.sight.run();
      }
      const concerns = this.concern(container);
      this.send(isDue ?? concerns, isPatient);
      const flights = this.flights.of(concerns);
      const landings = await settleAll(flights.map(({ landing }) => landing));
      const again = new Set(
        flights.filter((flight, i) => !isEnough(flight) || landings[i] === "left").map(({ way }) => keyOf(way)),
      );
      isDue = (way) => again.has(keyOf(way));
      // Meanwhile others may have come, and endpoints may be others.
      const concernsNow = this.concern(container);
      const isNew = (way: WantedWay) => way.failures === 0 && concernsNow(way);
      if (again.size === 0 && this.roster.returning === returning && !this.wantedWays().some(isNew)) return;
    }
  }

  private doubt(concerns: (way: Ends) => boolean): void {
    for (const way of this.open()) {
      if (!way.isDoubtful || !concerns(way) || !this.isToBeProven(way.from, way.to)) continue;
      this.roster.expire(way.from);
      this.roster.expire(way.to.host);
    }
  }

  /** Does something while nothing else is sent. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.sending.exclusive(work);
  }

  /** Those of a container's ways that were tried and are not proven. */
  openWaysOf(container: string): Way[] {
    return this.open().filter(this.concern(container));
  }

  /** Every way that was tried and not proven. From where nothing can be sent, none can be. */
  open(): Way[] {
    return this.ways.silent().filter(
      ({ from, by, to }) =>
        !this.unable.has(from) &&
        // What is wrong there is not the way, and no entry of it.
        ![by, to].some(({ container }) => this.roster.duplicatesOf(container).length > 0) &&
        this.roster.endpoints.some(({ id }) => id === to.id) &&
        this.roster.endpoints.some(({ host }) => host === from),
    );
  }

  /** Those to endpoints of this stack. */
  openToOurs(): Way[] {
    return this.open().filter(({ to }) => this.isOurs(to));
  }

  /** What was done may have helped: ways that are silent are asked for longer once more. */
  beginAnew(): void {
    this.beginnings++;
    for (const way of this.ways.silent()) way.wasPatient = false;
  }

  /** Takes a way for proven by something else than packets. */
  settle({ from, to }: Ends): void {
    this.ways.settle(from, to);
  }

  /** Those of this stack's containers on the network whose engines do not show that. */
  unshownOfOurs(): Unshown[] {
    return this.roster.unshown.filter(this.isOurs);
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
  async probeFrom(
    by: Endpoint,
    targets: readonly Target[],
    { packet = this.network.packet, glance = 0 }: { packet?: number; glance?: number } = {},
  ) {
    const vantage = await this.vantageOf(by);
    return await asking(by.host, () => probe(vantage, targets, packet, glance));
  }

  /** Which ways are a container's: those to it, and those from its host. */
  private concern(container: string | undefined): (way: Ends) => boolean {
    if (container === undefined) return () => true;
    const own = this.roster.endpoints.find((endpoint) => endpoint.container === container);
    return ({ from, to }) => own !== undefined && (to.id === own.id || from === own.host);
  }

  /** Begins to send packets on the ways that nobody sends on, by one command for each endpoint that sends. */
  private send(isDue: (way: Ends) => boolean, isPatient: boolean): void {
    const due = this.wantedWays().filter((way) => this.flights.isFree(way) && (way.failures === 0 || isDue(way)));
    const bySender = new Map<string, Trip[]>();
    for (const trip of planTrips(due, (host) => this.sendersOn(host))) {
      bySender.set(trip.by.id, [...(bySender.get(trip.by.id) ?? []), trip]);
    }
    for (const trips of bySender.values()) {
      const ways = trips.flatMap((trip) => trip.ways);
      this.flights.begin(ways, isPatient, () => this.sending.shared(() => this.unlessLost(trips, isPatient)));
    }
  }

  private async unlessLost(trips: readonly Trip[], isPatient: boolean): Promise<Landing> {
    const { host: id } = trips[0]!.by;
    const host = this.roster.current(id);
    try {
      return await this.make(trips, isPatient);
    } catch (error) {
      if (!(error instanceof HostLost)) throw error;
      // It may have been connected to once more meanwhile.
      if (this.roster.current(id) === host) this.roster.lose(error);
      return "left";
    }
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
  private async make(trips: readonly Trip[], isPatient: boolean): Promise<Landing> {
    const { by } = trips[0]!;
    const { beginnings } = this;
    const failuresOf = ({ ways }: Trip) => Math.max(...ways.map(({ failures }) => failures));
    const isLong = (trip: Trip) => isPatient && failuresOf(trip) >= HURRIED_TRIES;
    const patience = (trip: Trip) => (isLong(trip) ? PATIENT : failuresOf(trip) === 0 ? [] : HURRY);
    const measuring = this.takeUnmeasured(trips);
    const asked = trips.map((trip) => ({
      address: trip.to.address,
      burst: measuring.has(trip) ? BURST : 0,
      patience: patience(trip),
    }));
    try {
      // Of a container that has gone meanwhile there is no answer, and the next look does not find it.
      const answers =
        (await unlessNotFound(this.probeFrom(by, asked, { glance: GLANCE }))) ?? new Map<string, Answer>();
      if ("unable" in answers) {
        this.mute.add(by.id);
        if (answers.isOfHost || this.sendersOn(by.host).length === 0) this.unable.set(by.host, answers.unable);
        return "left";
      }
      for (const trip of trips) {
        const { to } = trip;
        const { answered = false, burst, said = "nothing" } = answers.get(to.address) ?? {};
        // Entries change while engines tell each other who came and went: an answer that was the last one proves nothing.
        const isProven = answered && burst?.received !== 0;
        const wasPatient = isLong(trip) && beginnings === this.beginnings;
        for (const way of trip.ways) {
          if (isProven) this.settle(way);
          else this.fail({ ...way, by: way.from === by.host ? by : to, said, wasPatient });
        }
        if (!burst || !isProven) continue;
        measuring.delete(trip);
        if (burst.received < burst.sent) this.losses.push({ from: by.host, to: to.host, ...burst });
      }
      return "sent";
    } finally {
      for (const trip of measuring) this.measured.delete(pairOfTrip(trip));
    }
  }

  /** Of trips, the first between every two hosts that were not measured: it does that. */
  private takeUnmeasured(trips: readonly Trip[]): Set<Trip> {
    const taken = new Set<Trip>();
    for (const trip of trips) {
      if (this.measured.has(pairOfTrip(trip))) continue;
      this.measured.add(pairOfTrip(trip));
      taken.add(trip);
    }
    return taken;
  }

  private fail(way: Omit<Way, "failures" | "isDoubtful">): void {
    this.failures++;
    this.ways.fail(way);
  }
}

function pairOfTrip({ by, to }: Trip): string {
  return pairOf(by.host, to.host);
}
