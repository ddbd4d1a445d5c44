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

/** What cures a refusal whose words do not say it. */
function hintFor(reason: string): string | undefined {
  // Source: libnetwork `drivers/overlay/ov_network.go`; the engine takes such interfaces away when it starts.
  if (!/error creating vxlan interface: file exists/i.test(reason)) return undefined;
  return "the engine still has the interface of an overlay network that was removed while this host was away: restart docker there";
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
