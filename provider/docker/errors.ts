import { CrosshostError, type ErrorCode, isCode } from "../errors";

/** An answer of the engine that is a failure. */
export class DockerError extends CrosshostError {
  constructor(
    message: string,
    code: ErrorCode,
    /** The HTTP status. */
    readonly status: number,
    /** Docker's own words. */
    readonly reason: string,
  ) {
    super(message, { code, hint: hintFor(reason) });
  }
}

/** What the engine's refusal of `attempt` on `host` means. */
export function refusal(host: string, attempt: string, status: number, body: string): DockerError {
  const said = messageIn(body);
  const reason = onOneLine(said ?? body) || `status ${status}`;
  return new DockerError(
    `host ${host}: ${attempt}: ${reason}`,
    codeOf(status, reason, said !== undefined),
    status,
    reason,
  );
}

/** `isEngines`: whether it is the engine that says so, and not something in between. */
function codeOf(status: number, reason: string, isEngines: boolean): ErrorCode {
  // A proxy, or an engine that does not know the call, has not looked whether the thing is there.
  if (status === 404 && isEngines && !/^page not found$/i.test(reason)) return "not-found";
  if (/is not connected to/i.test(reason)) return "not-found";
  if (/^conflict\. the container name/i.test(reason)) return "conflict";
  // Engines of different ages answer 403, 409 or 500 for the same thing; the words stayed.
  if (status >= 403 && /has active endpoints|\bin use\b|is being used|is using/i.test(reason)) return "in-use";
  return status === 409 ? "conflict" : "docker-refused";
}

/** What cures refusals whose words do not say it. Sources: libnetwork `drivers/{overlay,macvlan,ipvlan}`, and engines that ran. */
const HINTS: readonly [RegExp, string][] = [
  // The engine takes such interfaces away when it starts.
  [
    /error creating vxlan interface: file exists/i,
    "the engine still has the interface of an overlay network that was removed while this host was away: restart docker there",
  ],
  [
    /failed to create the macvlan port: invalid argument/,
    'in mode "passthru" a single container has the host\'s interface',
  ],
  [/failed to create \S+ vlan link: operation not supported/, kernelLacks("VLANs", "8021q")],
  [/failed to create the ipvlan port: operation not supported/, kernelLacks("ipvlan", "ipvlan")],
  [/failed to create the macvlan port: operation not supported/, kernelLacks("macvlan", "macvlan")],
  // Of a network that it could not bring back when it started, the engine still shows the name.
  [
    /failed to create endpoint \S+ on network \S+: network id \S+ not found/,
    "the engine was started while that network's interface was gone: `docker network rm` on the host, and `pulumi up --refresh` makes it anew",
  ],
];

function kernelLacks(what: string, module: string): string {
  return `its kernel has no ${what}: \`modprobe ${module}\` on the host says more; some kernels are built without it`;
}

function hintFor(reason: string): string | undefined {
  return HINTS.find(([words]) => words.test(reason))?.[1];
}

/** The engine's words; nothing where the body is none of its own. */
function messageIn(body: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null && "message" in parsed) return String(parsed.message);
  } catch {
    // Not JSON: the body is the message.
  }
  return undefined;
}

function onOneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, "; ");
}

/** What a call answers, or undefined when the engine says that there is no such thing. */
export async function unlessNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isCode(error, "not-found")) return undefined;
    throw error;
  }
}
