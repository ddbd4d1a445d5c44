import type { ServerHostKeyAlgorithm } from "ssh2";
import type { Connection } from "../connection";
import { DialFailure } from "../dialFailure";
import { algorithmsFor, fingerprint, formatHostKey } from "./hostKey";
import { type HostTrust, remember, type TrustedKey } from "./hostTrust";

/** Decides in one handshake whether the host is the one that is meant, and says why not. */
export class HostKeyCheck {
  private shown: Buffer | undefined;
  private accepted = false;
  private isNew = false;

  constructor(
    private readonly connection: Connection,
    private readonly trust: HostTrust,
  ) {}

  /** What to offer: only the types that are known, lest the host shows a key of another type and seems a stranger. */
  get algorithms(): ServerHostKeyAlgorithm[] | undefined {
    const { keys, portless } = this.trust;
    const known = keys.length ? keys : portless;
    if (known.length === 0 || this.takesAnything) return undefined;
    return [...new Set(known.flatMap(algorithmsFor))];
  }

  accepts(raw: Buffer): boolean {
    const { keys, portless, revoked, authority, policy } = this.trust;
    this.shown = raw;
    if (holds(revoked, raw)) this.accepted = false;
    else if (this.takesAnything || holds(keys, raw)) this.accepted = true;
    else if (keys.length > 0) this.accepted = false;
    else if (holds(portless, raw)) this.accepted = true;
    else {
      this.isNew = policy === "acceptNew" && authority === undefined;
      this.accepted = this.isNew;
    }
    return this.accepted;
  }

  /** Once the host has proven that it holds the key: writes a new one down, and says so. */
  async settle(log: (line: string) => void): Promise<void> {
    if (!this.isNew || !this.shown) return;
    await remember(this.trust, this.shown);
    log(
      `host ${this.connection.host}: accepted its new host key ${fingerprint(this.shown)} (hostKeyPolicy "acceptNew") and wrote it to ${this.trust.file}`,
    );
  }

  /** Why the host was refused, if `error` comes of that. */
  failure(error: Error & { level?: string }): DialFailure | undefined {
    if (this.accepted) return undefined;
    const { keys, revoked } = this.trust;
    if (this.shown) {
      const revokedBy = revoked.find((key) => key.raw.equals(this.shown!));
      if (revokedBy) return this.revoked(this.shown, revokedBy);
      return keys.length ? this.wrong(this.shown, keys) : this.unknown(this.shown);
    }
    if (this.algorithms && error.level === "handshake" && /host key/i.test(error.message)) return this.otherType(error);
    return undefined;
  }

  /** A pinned key is checked whatever the policy: whoever gives one wants it checked. */
  private get takesAnything(): boolean {
    return this.trust.policy === "insecure" && this.connection.hostKey === undefined;
  }

  private unknown(raw: Buffer): DialFailure {
    const { name, file, authority } = this.trust;
    const certified = authority
      ? `; ${authority} names an authority for it, but certificates of hosts cannot be checked here`
      : "";
    return new DialFailure(this.connection, `its host key ${fingerprint(raw)} is not known${certified}`, {
      code: "unknown-host-key",
      passing: false,
      hint: `check it against the host's own (ssh-keygen -l), then add to the connection: hostKey: "${formatHostKey(raw)}", or to ${file} the line: ${name} ${formatHostKey(raw)}`,
    });
  }

  private wrong(raw: Buffer, keys: readonly TrustedKey[]): DialFailure {
    const sameType = keys.filter(({ type }) => formatHostKey(raw).startsWith(`${type} `));
    const expected = (sameType.length ? sameType : keys).map(describe).join(" or ");
    const cure = keys.some(({ from }) => from)
      ? `take the old key out (ssh-keygen -R '${this.trust.name}') and add the line: ${this.trust.name} ${formatHostKey(raw)}`
      : `put hostKey: "${formatHostKey(raw)}"`;
    return new DialFailure(
      this.connection,
      `WRONG HOST KEY: expected ${expected}, but the host shows ${fingerprint(raw)}`,
      {
        code: "wrong-host-key",
        passing: false,
        hint: `someone may be in between; only if the host was set up anew, and after checking, ${cure}`,
      },
    );
  }

  private revoked(raw: Buffer, { from }: TrustedKey): DialFailure {
    return new DialFailure(this.connection, `REVOKED HOST KEY: the host shows ${fingerprint(raw)}`, {
      code: "wrong-host-key",
      passing: false,
      hint: `${from} says that this key is never to be trusted`,
    });
  }

  private otherType(cause: Error): DialFailure {
    const { keys, portless } = this.trust;
    const types = [...new Set((keys.length ? keys : portless).map(({ type }) => type))].join(" or ");
    return new DialFailure(this.connection, `WRONG HOST KEY: the host has none of type ${types}`, {
      code: "wrong-host-key",
      passing: false,
      hint: "someone may be in between, or the host was set up anew",
      cause,
    });
  }
}

function holds(keys: readonly TrustedKey[], raw: Buffer): boolean {
  return keys.some((key) => key.raw.equals(raw));
}

function describe({ raw, from }: TrustedKey): string {
  return from ? `${fingerprint(raw)} (${from})` : fingerprint(raw);
}
