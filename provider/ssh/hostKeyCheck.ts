import type { ServerHostKeyAlgorithm } from "ssh2";
import type { Connection } from "./connection";
import { DialFailure } from "./dialFailure";
import { algorithmsFor, fingerprint, formatHostKey, type HostKey, parseHostKey } from "./hostKey";

/** Decides in one handshake whether the host shows the key that `connection.hostKey` pins. */
export class HostKeyCheck {
  private readonly pinned: HostKey | undefined;
  private shown: Buffer | undefined;
  private accepted = false;

  constructor(private readonly connection: Connection) {
    if (connection.hostKey === undefined) return;
    const parsed = parseHostKey(connection.hostKey);
    if ("malformed" in parsed) {
      throw new DialFailure(connection, `its \`hostKey\` cannot be read: ${parsed.malformed}`, {
        code: "wrong-host-key",
        passing: false,
      });
    }
    this.pinned = parsed;
  }

  /** What to offer: only the pinned type, lest the host shows a key of another type and seems a stranger. */
  get algorithms(): ServerHostKeyAlgorithm[] | undefined {
    return this.pinned && algorithmsFor(this.pinned);
  }

  accepts(raw: Buffer): boolean {
    this.shown = raw;
    this.accepted = this.pinned?.raw.equals(raw) ?? false;
    return this.accepted;
  }

  /** Why the host was refused, if `error` comes of that. */
  failure(error: Error & { level?: string }): DialFailure | undefined {
    if (this.accepted) return undefined;
    if (this.shown) return this.pinned ? this.wrong(this.shown) : this.unknown(this.shown);
    if (this.pinned && error.level === "handshake" && /host key/i.test(error.message)) return this.otherType(error);
    return undefined;
  }

  private unknown(raw: Buffer): DialFailure {
    return new DialFailure(this.connection, `its host key ${fingerprint(raw)} is not known`, {
      code: "unknown-host-key",
      passing: false,
      hint: `check it against the host's own (ssh-keygen -l), then add to the connection: hostKey: "${formatHostKey(raw)}"`,
    });
  }

  private wrong(raw: Buffer): DialFailure {
    const expected = fingerprint(this.pinned?.raw ?? Buffer.alloc(0));
    return new DialFailure(
      this.connection,
      `WRONG HOST KEY: expected ${expected}, but the host shows ${fingerprint(raw)}`,
      {
        code: "wrong-host-key",
        passing: false,
        hint: `someone may be in between; only if the host was set up anew, and after checking, put hostKey: "${formatHostKey(raw)}"`,
      },
    );
  }

  private otherType(cause: Error): DialFailure {
    return new DialFailure(this.connection, `WRONG HOST KEY: the host has none of type ${this.pinned?.type}`, {
      code: "wrong-host-key",
      passing: false,
      hint: "someone may be in between, or the host was set up anew",
      cause,
    });
  }
}
