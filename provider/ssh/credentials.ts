import { type AnyAuthMethod, type ConnectConfig, OpenSSHAgent, type ParsedKey } from "ssh2";
import { DialFailure } from "./dialFailure";
import type { Agent, PrivateKey } from "./identities";
import { parsePrivateKey } from "./privateKey";
import type { Target } from "./target";

/** The SSH client's settings for logging in; fails where the private key cannot be read. */
export function credentials(target: Target): ConnectConfig {
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
  return { username, authHandler: methods };
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
