import type { Task } from "../lifecycle";
import { containerMtu } from "../net/vxlan";
import type { RunContext } from "../run/context";
import { describeDuplicates } from "./duplicates";
import { Findings } from "./findings";
import { HostLost } from "./hostLost";
import { Mender } from "./mend";
import { Mesh } from "./mesh";
import { summary } from "./message";
import type { NetworkOfProof, Subject } from "./proof";
import { Sweep } from "./sweep";
import { listUnshown } from "./unshown";
import type { Way } from "./ways";

/** How often packets are sent in vain before it is looked into: for a glance first, and then each time for a second. */
const GLANCES = 1;
const PATIENCE = GLANCES + 2;

/** How many more times, until also what became silent only then was asked for longer. */
const LATE = 4;

/** Milliseconds between two looks for a container that is not on the network. */
const ABSENCE = 500;

/** One network's proof, as a run goes on. */
interface Proof {
  mesh: Mesh;
  mender: Mender;
  findings: Findings;
  sweep: Sweep;
}

const proofs = new WeakMap<RunContext, Map<string, Proof>>();

/**
 * Proves that a container's endpoint in an overlay and those of this stack on other hosts reach each other. What an engine
 * left dead is healed. Returns the ways that stay dead, each with its diagnosis.
 */
export async function proveOverlay(subject: Subject, network: NetworkOfProof, task: Task): Promise<string[]> {
  const proof = proofOf(network, task.run);
  const { mesh } = proof;
  const endpoint = mesh.enter(subject, task.deadline);
  mesh.proving.add(subject.container);
  try {
    if (endpoint) await proof.mender.foresee(endpoint);
    const dead = await findDead(proof, subject, task);
    await proof.sweep.clear(network.endpoints, subject.connection, task);
    tell(proof, subject, task);
    return [...missing(proof, subject), ...listUnshown(mesh), ...describeDuplicates(mesh, subject), ...dead];
  } finally {
    mesh.proving.delete(subject.container);
  }
}

/** What stays dead, each with its diagnosis; a host that goes meanwhile takes its ways along. */
async function findDead(proof: Proof, subject: Subject, task: Task): Promise<string[]> {
  const awaited = new Set([subject.container]);
  for (;;) {
    const dead = await awaitProof(proof, subject, task, { mayTouch: true, awaited });
    try {
      return await proof.findings.describe(dead, subject, task.deadline.clock);
    } catch (error) {
      if (!(error instanceof HostLost)) throw error;
      proof.mesh.roster.lose(error);
    }
  }
}

/** Whether it does now, without touching anything. Says which ways are dead, each once in a run, and returns them. */
export async function lookAtOverlay(subject: Subject, network: NetworkOfProof, task: Task): Promise<string[]> {
  const proof = proofOf(network, task.run);
  proof.mesh.enter(subject, task.deadline);
  const awaited = new Set([subject.container]);
  const dead = await awaitProof(proof, subject, task, { mayTouch: false, awaited });
  const silent = dead.map((way) => summary(proof.mesh, way));
  const lines = [...missing(proof, subject), ...describeDuplicates(proof.mesh, subject), ...silent];
  for (const line of lines) task.run.sayOnce(`${line}; \`pulumi up\` heals what can be healed`);
  return lines;
}

/** Lets others' proofs see a container that has none of its own. */
export function seeOnOverlay({ host }: Subject, networkId: string, run: RunContext): void {
  proofs.get(run)?.get(networkId)?.mesh.roster.expire(host);
}

interface Awaiting {
  mayTouch: boolean;
  /** Containers whose ways are waited for: who is connected anew on the way comes to them, since nobody else may do so. */
  awaited: Set<string>;
}

async function awaitProof(proof: Proof, subject: Subject, task: Task, awaiting: Awaiting): Promise<Way[]> {
  const dead: Way[] = [];
  // Also those that come while it goes on.
  for (const container of awaiting.awaited) {
    dead.push(...(await awaitProofOf(proof, { ...subject, container }, task, awaiting)));
  }
  return dead;
}

async function awaitProofOf(
  { mesh, mender }: Proof,
  subject: Subject,
  { deadline }: Task,
  { mayTouch, awaited }: Awaiting,
): Promise<Way[]> {
  let { steps } = mender;
  let isPatient = false;
  for (let tries = 1; ; tries++) {
    await mesh.look(subject.container, { isPatient });
    const ways = mesh.openWaysOf(subject.container).filter(({ to }) => subject.isOurs(to.labels));
    const isThere = mesh.roster.has(subject.container);
    // To who does not show there are no ways yet; and who has the address of another one answers in its place.
    const unshown = mayTouch ? mesh.unshownOfOurs() : [];
    const doubles = mayTouch ? mesh.roster.duplicatesOf(subject.container).filter(mesh.isOurs) : [];
    if (unshown.length > 0) for (const container of await mender.show()) awaited.add(container);
    if (doubles.length > 0) for (const container of await mender.separate()) awaited.add(container);
    const isHealed = unshown.length + doubles.length > 0 && mender.steps !== steps;
    if (isThere && ways.length === 0 && !isHealed) return [];
    // It may just be off the network, to be connected anew.
    if (!isThere) await deadline.clock.sleep(ABSENCE);
    if (tries >= PATIENCE) await mender.try(deadline, { mayTouch });
    else if (mayTouch) await mender.tryStale();
    if (mender.steps !== steps) tries = GLANCES;
    // Another container on these ways, or a refresh before, may have been patient already.
    else if (tries >= PATIENCE && isThere && ways.every(({ wasPatient }) => wasPatient)) return ways;
    else if (tries > PATIENCE + (isThere ? LATE : 0)) return ways;
    isPatient = tries >= PATIENCE;
    steps = mender.steps;
  }
}

/** A container that is on no list cannot be proven, and must not count as proven. */
function missing({ mesh }: Proof, { container, host, name }: Subject): string[] {
  const isUnshown = mesh.unshownOfOurs().some((one) => one.container === container);
  // Of which there is a line of its own.
  if (mesh.roster.has(container) || isUnshown) return [];
  const lost = mesh.roster.lossOf(host);
  // The whole verb is done again where that helps.
  if (lost?.isPassing) throw lost.failure;
  const why = mesh.roster.unreached.get(host) ?? "it is not among the running containers there";
  return [`${host}: "${name}" cannot be proven to be on the network "${mesh.network.name}": ${why}`];
}

/** Says what was not proven, and what was lost on the way. */
function tell(proof: Proof, { isOurs }: Subject, task: Task): void {
  const { mesh } = proof;
  const { name } = mesh.network;
  const warn = (line: string) => task.run.sayOnce(`warning: ${line}`);
  for (const [id, why] of mesh.roster.unreached)
    warn(`${id}: not reached (${why}): nothing on "${name}" is proven from or to it`);
  for (const [id, why] of mesh.unable) warn(`${id}: nothing on "${name}" is proven from there: ${why}`);
  for (const { from, to, sent, received } of mesh.losses) {
    const percent = Math.round((100 * (sent - received)) / sent);
    const lost = `${sent - received} of ${sent} packets (${percent} %)`;
    warn(`between ${from} and ${to} ${lost} were lost on "${name}", there or back`);
  }
  for (const way of mesh.open()) {
    if (!isOurs(way.to.labels)) warn(`${summary(mesh, way)}; it is none of this stack's`);
  }
}

function proofOf({ id, name, options }: NetworkOfProof, run: RunContext): Proof {
  const known = proofs.get(run) ?? new Map<string, Proof>();
  proofs.set(run, known);
  const found = known.get(id);
  if (found) return found;
  const mesh = new Mesh(run, { id, name, packet: containerMtu(options) });
  const proof = { mesh, mender: new Mender(run, mesh), findings: new Findings(mesh), sweep: new Sweep(mesh) };
  known.set(id, proof);
  return proof;
}
