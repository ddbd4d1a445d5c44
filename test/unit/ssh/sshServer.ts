import { spawn } from "node:child_process";
import { type AddressInfo, connect } from "node:net";
import { type AuthContext, type Connection as Peer, Server, type ServerChannel, type Session, utils } from "ssh2";
import type { Connection } from "../../../provider/ssh/connection";
import type { LocalUser } from "../../../provider/ssh/localUser";
import { Deadline } from "../../../provider/wait";
import { newKey } from "../../helpers/keys";

export const clientKey = newKey();
export const strangersKey = newKey();
export const hostKey = newKey();
export const password = "correct horse battery";

/** Somebody without SSH files and agent, whoever runs the tests. */
export const nobody: LocalUser = { name: "nobody", home: "/nowhere", systemConfig: "/nowhere" };

/** An SSH host in this process: it runs commands by this machine's shell, and counts what it is asked. */
export class SshServer {
  handshakes = 0;
  /** Connections made from here for a peer. */
  forwarded = 0;
  /** Commands running now, and the most there were at once. */
  running = 0;
  mostRunning = 0;
  /** Public keys that peers asked about. */
  keysOffered = 0;
  /** Milliseconds that a password is thought about, as PAM does with a wrong one. */
  passwordDelay = 0;
  /** Passwords that peers have shown. */
  passwordsShown = 0;
  /** Whether it agrees that a session is closed when the peer closes it. */
  closesSessions = true;
  /** The program by which commands are run: the user's login shell. */
  loginShell = "sh";
  /** So many sessions are refused from now on. */
  refusing = 0;
  private readonly peers = new Set<Peer>();
  private readonly server = new Server({ hostKeys: [hostKey.private] }, (peer) => this.admit(peer));

  static async start(port = 0): Promise<SshServer> {
    const server = new SshServer();
    await new Promise<void>((resolve) => server.server.listen(port, "127.0.0.1", resolve));
    return server;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** How to reach it. */
  connection(changed: Partial<Connection> = {}): Connection {
    const reached = { host: "127.0.0.1", port: this.port, user: "root", dialErrorLimit: 3, perDialTimeout: 5 };
    return { ...reached, privateKey: clientKey.private, hostKey: hostKey.public, ...changed };
  }

  /** Cuts every connection, as when the host goes down. */
  cut(): void {
    for (const peer of this.peers) (peer as unknown as { _sock: { destroy(): void } })._sock.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private admit(peer: Peer): void {
    this.handshakes++;
    this.peers.add(peer);
    peer.on("close", () => this.peers.delete(peer));
    // A client that goes away is part of the tests.
    peer.on("error", () => this.peers.delete(peer));
    peer.on("authentication", (context) => {
      if (context.method === "publickey" && !context.signature) this.keysOffered++;
      if (context.method === "password") this.passwordsShown++;
      const decide = () => (mayEnter(context) ? context.accept() : context.reject());
      if (context.method === "password" && this.passwordDelay > 0) setTimeout(decide, this.passwordDelay);
      else decide();
    });
    const { _protocol: protocol } = peer as unknown as { _protocol: { channelClose(id: number): void } };
    const channelClose = protocol.channelClose.bind(protocol);
    protocol.channelClose = (id) => {
      if (this.closesSessions) channelClose(id);
    };
    peer.on("session", (accept, reject) => {
      if (this.refusing > 0) {
        this.refusing--;
        reject();
      } else this.serve(accept());
    });
    peer.on("tcpip", (accept, reject, { destIP, destPort }) => {
      this.forwarded++;
      const socket = connect(destPort, destIP);
      socket.once("error", reject);
      socket.once("connect", () => {
        const channel = accept();
        channel.on("error", () => socket.destroy());
        channel.pipe(socket).pipe(channel);
      });
      socket.on("error", () => undefined);
    });
    peer.on("openssh.streamlocal", (accept, reject, { socketPath }) => {
      const socket = connect(socketPath);
      socket.once("error", reject);
      socket.once("connect", () => {
        const channel = accept();
        channel.pipe(socket).pipe(channel);
      });
    });
  }

  private serve(session: Session): void {
    session.on("exec", (accept, _reject, { command }) => {
      this.mostRunning = Math.max(this.mostRunning, ++this.running);
      const channel: ServerChannel = accept();
      const child = spawn(this.loginShell, ["-c", command]);
      channel.pipe(child.stdin);
      // A command need not read what it is given.
      child.stdin.on("error", () => channel.unpipe(child.stdin));
      child.stdout.pipe(channel, { end: false });
      child.stderr.pipe(channel.stderr, { end: false });
      // As sshd does with a command whose session is closed.
      channel.on("close", () => {
        child.stdout.destroy();
        child.stderr.destroy();
      });
      child.on("close", (code, signal) => {
        this.running--;
        if (signal) channel.exit(signal.replace("SIG", ""));
        else channel.exit(code ?? 0);
        channel.end();
      });
    });
  }
}

function mayEnter(context: AuthContext): boolean {
  if (context.method === "password") return context.password === password;
  if (context.method !== "publickey") return false;
  const allowed = utils.parseKey(clientKey.public);
  return !(allowed instanceof Error) && context.key.data.equals(allowed.getPublicSSH());
}

export const soon = () => new Deadline(10_000);
