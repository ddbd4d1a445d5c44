import { CrosshostError, type ErrorCode, isCode } from "../errors";
import type { Connection } from "./connection";
import type { Target } from "./target";

/** Why one attempt to reach a host failed. */
export class DialFailure extends CrosshostError {
  constructor(
    { host }: Pick<Connection, "host">,
    what: string,
    options: {
      code: ErrorCode;
      /** Whether it can pass by itself: a host that is still booting, a network that comes back. */
      passing: boolean;
      hint?: string;
      cause?: unknown;
    },
  ) {
    super(`host ${host}: ${what}`, options);
    this.passing = options.passing;
  }

  readonly passing: boolean;
}

export const isItUp = "is the host up, and can this machine reach it?";
const doesItLetUsIn = "is sshd just starting, or does it turn this machine away (MaxStartups, a firewall)?";

const socketErrors: Record<string, { what: string; code: ErrorCode; passing: boolean; hint?: string }> = {
  ECONNREFUSED: {
    what: "connection refused",
    code: "refused",
    passing: true,
    hint: "is sshd running there, and is `connection.port` right?",
  },
  ECONNRESET: { what: "the host closed the connection", code: "connection-lost", passing: true, hint: doesItLetUsIn },
  EPIPE: { what: "the host closed the connection", code: "connection-lost", passing: true, hint: doesItLetUsIn },
  ETIMEDOUT: { what: "no answer", code: "timed-out", passing: true, hint: isItUp },
  EHOSTUNREACH: { what: "no route to the host", code: "timed-out", passing: true, hint: isItUp },
  EHOSTDOWN: { what: "no route to the host", code: "timed-out", passing: true, hint: isItUp },
  ENETUNREACH: { what: "no route to its network", code: "timed-out", passing: true, hint: isItUp },
  ENOTFOUND: {
    what: "no such host name",
    code: "cannot-resolve",
    passing: false,
    hint: "give `connection.host` as a name that resolves on this machine, or as an address",
  },
  EAI_AGAIN: {
    what: "the name service does not answer",
    code: "cannot-resolve",
    passing: true,
    hint: "give `connection.host` as an address, or see to this machine's name service",
  },
};

/** The failure of an attempt whose socket reported `error`. */
export function socketFailure(target: Target, error: Error & { code?: unknown }): DialFailure {
  const known = socketErrors[String(error.code)];
  const { what, code, passing, hint } = known ?? {
    what: error.message,
    code: "connection-lost" as const,
    passing: true,
    hint: undefined,
  };
  return new DialFailure(target, `cannot connect to ${portOf(target)}: ${what}`, {
    code,
    passing,
    hint,
    cause: error,
  });
}

/** Whether the host's settings forbid the channel it did not open; its words do not say so. Source: RFC 4254, 5.1. */
export function isProhibited(error: unknown): boolean {
  return (error as { reason?: unknown } | undefined)?.reason === 1;
}

/** The failure of an attempt whose channel through the proxy did not open: the proxy's sshd tells why, in words. */
export function proxyFailure(target: Target, proxy: string, error: Error): DialFailure {
  const prohibited = isProhibited(error.cause);
  const reason = (error.cause instanceof Error ? error.cause.message : error.message).replace(/^\(SSH\) /, "");
  const refused = /refused/i.test(reason);
  const unresolved = /resolve|not known/i.test(reason);
  return new DialFailure(target, `cannot connect to ${portOf(target)} through ${proxy}: ${reason}`, {
    code: isCode(error, "connection-lost")
      ? "connection-lost"
      : prohibited
        ? "no-permission"
        : unresolved
          ? "cannot-resolve"
          : refused
            ? "refused"
            : "timed-out",
    passing: !prohibited && !unresolved,
    hint: prohibited
      ? `sshd's AllowTcpForwarding must be yes on ${proxy}, and PermitOpen must allow it`
      : `is the host up, and can ${proxy} reach it?`,
    cause: error,
  });
}

/** The failure of an attempt that took longer than it may. */
export function timeFailure(
  target: Target,
  milliseconds: number,
  stage: string,
  { passing } = { passing: true },
): DialFailure {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  return new DialFailure(target, `cannot connect to ${portOf(target)}: ${stage} in ${seconds} s`, {
    code: "timed-out",
    passing,
    hint: isItUp,
  });
}

/** The failure of an attempt in which the SSH client reported `error`, after the host's port had answered. */
export function clientFailure(
  target: Target,
  error: Error & { level?: string; code?: unknown },
  agentTrouble?: string,
): DialFailure {
  if (error.level === "client-authentication" || /too many authentication failures/i.test(error.message)) {
    return authenticationFailure(target, error, agentTrouble);
  }
  if (typeof error.code === "string" && error.code in socketErrors) return socketFailure(target, error);
  // The key exchange found nothing in common: the host will not change its mind.
  const agreed = !/no matching/i.test(error.message);
  return new DialFailure(target, `no SSH connection on ${portOf(target)}: ${error.message}`, {
    code: agreed ? "connection-lost" : "unsupported",
    passing: agreed,
    hint: agreed ? doesItLetUsIn : "sshd's settings on the host leave nothing that both sides know",
    cause: error,
  });
}

function authenticationFailure(target: Target, cause: Error, agentTrouble?: string): DialFailure {
  const { user, password } = target;
  const { list, unusable } = target.identities;
  const offered = [...list.map(({ name }) => name), ...(password === undefined ? [] : ["the given password"])];
  const refused = `the host refuses ${offered.join(" and ")}`;
  const nothing =
    "neither privateKey, agentSocketPath nor password is given, and this machine has no SSH agent and no key in ~/.ssh";
  const agent = list.find((identity) => identity.kind === "agent");
  const trouble = agent && agentTrouble ? `; the agent at ${agent.socketPath}: ${agentTrouble}` : "";
  const passedOver = unusable.length ? `; ${unusable.join("; ")}` : "";
  const what = `${offered.length ? refused : nothing}${trouble}${passedOver}`;
  return new DialFailure(target, `cannot log in as ${user}: ${what}`, {
    code: "not-authenticated",
    passing: false,
    hint: list.some(({ kind }) => kind === "key")
      ? `is the key's public half in ~${user}/.ssh/authorized_keys on the host?`
      : undefined,
    cause,
  });
}

/** The port, and the address where that is not the name the host goes by. */
function portOf({ host, hostName, port }: Target): string {
  return hostName === host.toLowerCase() ? `port ${port}` : `port ${port} of ${hostName}`;
}
