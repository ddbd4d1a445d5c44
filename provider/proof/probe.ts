import type { DockerApi } from "../docker/api";
import { isCode } from "../errors";
import type { Host } from "../ssh/host";
import { lastLine } from "../ssh/output";
import { type Answer, parseAnswers } from "./answers";
import { inContainer, inSandbox } from "./scripts";

/** A sandbox to send packets from. */
export interface Vantage {
  host: Host;
  docker: DockerApi;
  containerId: string;
  /** Path of its network namespace on the host. */
  sandboxKey: string;
}

/** What is to answer. */
export interface Target {
  address: string;
  /** How many more packets are sent once it has answered, to see how many are lost. Default none. */
  burst?: number;
  /** For how many seconds it is waited each time that it is tried after a glance, until it answers. Default in a hurry. */
  patience?: readonly number[];
}

/** An endpoint that is new is not known at once to the other hosts. */
export const HURRIED: readonly number[] = [0.2, 0.4, 0.8];

/** IPv4's header and ICMP's. */
const HEADERS = 28;

/** What the script ends with where the sandbox cannot be entered, and where the host lacks a command. */
const NOT_ENTERED = 1;
const LACKING = 127;

/** Why nothing can be sent from a sandbox, */
export interface Unable {
  unable: string;
  /** and whether that is so of all on its host; where nobody is root there, it is so of those whose image has no ping. */
  isOfHost: boolean;
}

/**
 * Sends packets from a sandbox to all targets at once, by one command on its host: as root in the sandbox's network
 * namespace, where nothing of the image is needed; where the user cannot become root, by `ping` of the image.
 */
export async function probe(
  vantage: Vantage,
  targets: readonly Target[],
  /** Bytes of each packet, headers included. */
  packet: number,
  /** Seconds that all targets have for a first answer, to a packet of a single process. Default none. */
  glance = 0,
): Promise<Map<string, Answer> | Unable> {
  const { host, sandboxKey } = vantage;
  const payload = String(Math.max(0, packet - HEADERS));
  const args = [sandboxKey, String(glance), payload, ...targets.flatMap(argumentsOf)];
  try {
    const script = { name: "send packets from a sandbox", text: inSandbox, args };
    const { stdout, stderr, exitCode } = await host.run(script, { allowedExitCodes: [0, NOT_ENTERED, LACKING] });
    const said = lastLine(stderr);
    if (exitCode === 0) return parseAnswers(stdout);
    // sudo says so by another exit code than a shell.
    const isLacking = exitCode === LACKING || /^sudo: .*command not found/.test(said);
    if (!isLacking) return unanswered(targets, said);
    return { unable: `the host needs nsenter, and ping or bash: ${said}`, isOfHost: true };
  } catch (error) {
    if (!isCode(error, "no-permission")) throw error;
    return probeByExec(vantage, targets, payload, (error as Error).message);
  }
}

function argumentsOf({ address, burst = 0, patience = HURRIED }: Target): string[] {
  return [address, String(burst), patience.join(" ")];
}

/** Of a sandbox whose container has just ended or is paused: the next look sees that. */
function unanswered(targets: readonly Target[], said: string): Map<string, Answer> {
  return new Map(targets.map(({ address }) => [address, { answered: false, sent: 0, said }]));
}

async function probeByExec(
  { docker, containerId }: Vantage,
  targets: readonly Target[],
  payload: string,
  whyNotAsRoot: string,
): Promise<Map<string, Answer> | Unable> {
  const unable = (what: string) => ({ unable: `${whyNotAsRoot}; and ${what}`, isOfHost: false });
  try {
    const addresses = targets.map(({ address }) => address);
    const { stdout, stderr, exitCode } = await docker.containers.exec(containerId, [
      "sh",
      "-c",
      inContainer,
      "sh",
      payload,
      ...addresses,
    ]);
    if (exitCode === 0) return parseAnswers(stdout);
    return unable(`the container's image has no ping: ${stderr.trim() || `exit code ${exitCode}`}`);
  } catch (error) {
    const { message } = error as Error;
    if (isCode(error, "conflict")) return unanswered(targets, message);
    if (!isCode(error, "docker-refused")) throw error;
    return unable(`nothing can be run in the container: ${message}`);
  }
}
