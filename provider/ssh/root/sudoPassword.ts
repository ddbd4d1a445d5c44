import { randomBytes } from "node:crypto";
import { CrosshostError } from "../../errors";
import type { Link } from "../link";
import { Session, type SessionOptions } from "../session";
import { explainSudo } from "./sudoRefusal";

/** sudo, and all that PAM does for it, has begun the command by then, or never does. */
const beginLimit = 60_000;

/** What sudo and PAM may say before that. */
const longestPreamble = 100_000;

/** Asks for the whole command to run under sudo, and says on standard error when it does. */
const announce = `printf %s "$1" >&2; shift; exec "$@"`;

/**
 * Starts a command as root by a sudo that asks for a password. The password goes over standard input and only once sudo
 * has asked for it: it stands in no process list, and where sudo does not ask it can not end up as the command's input.
 */
export async function openWithPassword(
  link: Link,
  user: string,
  command: readonly string[],
  password: string,
  options: SessionOptions & { attempt: string },
): Promise<Session> {
  const nonce = randomBytes(8).toString("hex");
  const prompt = `crosshost-password-${nonce}:`;
  const begun = `crosshost-begun-${nonce}:`;
  // -k: what sudo remembers of an earlier password is not used, so that it always asks.
  const wrapped = ["sudo", "-k", "-S", "-p", prompt, "--", "sh", "-c", announce, "sh", begun, ...command];
  const { attempt } = options;

  let heard = Buffer.alloc(0);
  let answered = false;
  let announceBegin = () => {};
  const hasBegun = new Promise<void>((resolve) => {
    announceBegin = resolve;
  });
  const listen = (session: Session) => (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk]);
    const text = heard.toString("latin1");
    const start = text.indexOf(begun);
    if (start >= 0) {
      session.filterStderr = (later) => later;
      announceBegin();
      return heard.subarray(start + begun.length);
    }
    if (heard.length > longestPreamble) session.giveUp(neverBegins(link, attempt, "says more than can be taken"));
    const prompts = text.split(prompt).length - 1;
    if (prompts > 1) session.giveUp(wrongPassword(link, user, attempt));
    else if (prompts === 1 && !answered) {
      answered = true;
      session.write(`${password}\n`);
    }
    return Buffer.alloc(0);
  };

  const session = await Session.open(link, wrapped, {
    ...options,
    observe: (session) => {
      session.filterStderr = listen(session);
      options.observe?.(session);
    },
  });
  const neverBegan = session.ended.then(() => {
    const said = heard.toString("utf8").replaceAll(prompt, "").trim();
    throw (
      explainSudo(link.address, user, attempt, said) ??
      new CrosshostError(`host ${link.address}: cannot ${attempt}: sudo fails: ${said}`, { code: "no-permission" })
    );
  });
  neverBegan.catch(() => undefined);
  const late = () => session.giveUp(neverBegins(link, attempt, `has not begun it in ${beginLimit / 1000} s`));
  const timer = setTimeout(late, beginLimit);
  try {
    await Promise.race([hasBegun, neverBegan]);
  } finally {
    clearTimeout(timer);
  }
  return session;
}

function neverBegins(link: Link, attempt: string, what: string): CrosshostError {
  return new CrosshostError(`host ${link.address}: cannot ${attempt}: that needs root, and sudo ${what}`, {
    code: "no-permission",
    hint: "does it ask for more than a password there?",
  });
}

function wrongPassword(link: Link, user: string, attempt: string): CrosshostError {
  return new CrosshostError(
    `host ${link.address}: cannot ${attempt}: that needs root, and sudo does not take the password of ${user}`,
    { code: "no-permission", hint: "`connection.password` is the one that sudo asks for" },
  );
}
