import { type AnyAuthMethod, type AuthHandlerMiddleware, type ConnectConfig, OpenSSHAgent, type ParsedKey } from "ssh2";
import { DialFailure } from "./dialFailure";
import type { Agent, PrivateKey } from "./identities";
import { parsePrivateKey } from "./privateKey";
import type { Target } from "./target";

/** How one attempt logs in. */
export interface Login {
  settings: ConnectConfig;
  /** Whether the host has been sent a password: what is wrong with that will be wrong again, and may be counted. */
  hasSentPassword: () => boolean;
}

/** What is shown to the host, one after the other; fails where the private key cannot be read. */
export function credentials(target: Target): Login {
  const { user: username, password } = target;
  const methods: AnyAuthMethod[] = target.identities.list.map((identity) =>
    identity.kind === "key"
      ? { type: "publickey", username, key: keyOf(target, identity) }
      : { type: "agent", username, agent: new OrderedAgent(identity) },
  );
  if (password !== undefined) {
    methods.push({ type: "password", username, password });
    // Hosts with PAM often take the password only as the answer to a question.
    methods.push({
      ...{ type: "keyboard-interactive", username },
      prompt: (_name, _instructions, _language, prompts, answer) => answer(prompts.map(() => password)),
    });
  }
  if (methods.length === 0) methods.push({ type: "none", username });
  let hasSentPassword = false;
  const authHandler: AuthHandlerMiddleware = (_left, _isPartial, next) => {
    const method = methods.shift();
    hasSentPassword ||= method?.type === "password" || method?.type === "keyboard-interactive";
    // The client takes false for the end of the list, though its type does not say so.
    next(method ?? (false as unknown as AnyAuthMethod));
  };
  return { settings: { username, authHandler }, hasSentPassword: () => hasSentPassword };
}

/** Only a given key can be unfit here: files that cannot be read are passed over, as by ssh. */
function keyOf(target: Target, { text, passphrase }: PrivateKey): ParsedKey {
  const key = parsePrivateKey(text, passphrase);
  if (!("problem" in key)) return key;
  throw new DialFailure(target, `cannot log in as ${target.user}: \`privateKey\` ${key.problem}`, {
    code: "not-authenticated",
    passing: false,
  });
}

/** An agent whose keys are tried in an order of ours: sshd ends the connection after the sixth that it refuses. */
class OrderedAgent extends OpenSSHAgent {
  constructor(private readonly identity: Agent) {
    super(identity.socketPath);
  }

  override getIdentities(callback: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    super.getIdentities((error, keys) => {
      if (error || !keys) return callback(error ?? undefined, undefined);
      const { first, onlyFirst } = this.identity;
      const rank = (key: unknown) => first.indexOf(publicHalf(key)) >>> 0;
      const isFirst = (key: unknown) => first.includes(publicHalf(key));
      const all = keys as ParsedKey[];
      const sorted = all.filter((key) => !onlyFirst || isFirst(key)).sort((a, b) => rank(a) - rank(b));
      callback(undefined, sorted);
    });
  }
}

function publicHalf(key: unknown): string {
  return (key as ParsedKey).getPublicSSH().toString("base64");
}
