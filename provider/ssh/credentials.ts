import { type AuthenticationType, type ConnectConfig, utils } from "ssh2";
import type { Connection } from "./connection";
import { DialFailure } from "./dialFailure";

/** The SSH client's settings for logging in; fails where the private key cannot be read. */
export function credentials(connection: Connection): ConnectConfig {
  const { user, password, privateKey, privateKeyPassword, agentSocketPath } = connection;
  checkPrivateKey(connection);
  const methods: AuthenticationType[] = [];
  if (privateKey !== undefined) methods.push("publickey");
  if (agentSocketPath !== undefined) methods.push("agent");
  // Hosts with PAM often take the password only as the answer to a question.
  if (password !== undefined) methods.push("password", "keyboard-interactive");
  return {
    username: user,
    password,
    privateKey,
    passphrase: privateKeyPassword,
    agent: agentSocketPath,
    tryKeyboard: password !== undefined,
    authHandler: methods.length ? methods : ["none"],
  };
}

/** Here, with words of our own: a parser's message may quote what it could not parse. */
function checkPrivateKey(connection: Connection): void {
  const { privateKey, privateKeyPassword } = connection;
  if (privateKey === undefined) return;
  const parsed = utils.parseKey(privateKey, privateKeyPassword);
  const problem = parsed instanceof Error ? describe(parsed, privateKeyPassword !== undefined) : publicHalf(parsed);
  if (problem === undefined) return;
  throw new DialFailure(connection, `cannot log in as ${connection.user}: ${problem}`, {
    code: "not-authenticated",
    passing: false,
  });
}

function describe(error: Error, hasPassword: boolean): string {
  if (/no passphrase/i.test(error.message)) return "`privateKey` is encrypted and `privateKeyPassword` is not given";
  if (/passphrase|integrity|decrypt/i.test(error.message) || hasPassword) {
    return "`privateKey` cannot be decrypted with the given `privateKeyPassword`";
  }
  return "`privateKey` is not a private key in a format of OpenSSH or PEM";
}

function publicHalf(key: ParsedKey): string | undefined {
  const first = Array.isArray(key) ? key[0] : key;
  return first?.isPrivateKey() ? undefined : "`privateKey` is a public key";
}

type ParsedKey = Exclude<ReturnType<typeof utils.parseKey>, Error>;
