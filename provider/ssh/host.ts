import type { Duplex } from "node:stream";

export interface CommandOptions {
  /** Written to the command's standard input, which is then closed. */
  input?: string | Buffer;
  /** Exit codes that are answers, not failures. Default: only 0. */
  allowedExitCodes?: readonly number[];
  /** Whether it needs root; fails with `no-permission` where the user can not become that. Default: as the user. */
  asRoot?: boolean;
  /** Milliseconds it may take, after which it is killed and fails with `timed-out`. Default: two minutes. */
  limit?: number;
}

/**
 * A constant text of POSIX shell that acts as root; paths and the like are its arguments. `$sudo` stands before each
 * command of it that needs root, so that sudoers can allow these and nothing else.
 */
export interface RootScript {
  /** What it does, for errors: `write /etc/docker/daemon.json`. */
  name: string;
  text: string;
  args: readonly string[];
}

export interface CommandResult {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** A command that runs on a host while its caller goes on: it is told to finish by closing its standard input. */
export interface RunningCommand {
  /** Resolves with the next line of standard output; rejects when the command ends without one. */
  nextLine(): Promise<string>;
  /** Closes standard input and waits for the end; fails as `run` does. */
  finish(): Promise<CommandResult>;
}

export interface RemoteFile {
  content: Buffer;
  /** Permission bits, such as 0o644. */
  mode: number;
  uid: number;
  gid: number;
}

/** One host as we reach it: commands, files and sockets, all over one SSH connection. */
export interface Host {
  /** The host's name or address as the user wrote it, for messages. */
  readonly address: string;
  readonly user: string;

  /**
   * Runs a command, given as its arguments: never a shell string. Fails with `command-failed` on any other exit code
   * than the allowed ones, naming host, command and the last line of its standard error.
   */
  run(command: readonly string[] | RootScript, options?: CommandOptions): Promise<CommandResult>;
  /** Starts a command whose standard input stays open. */
  start(command: readonly string[] | RootScript): Promise<RunningCommand>;
  /** Fails with `no-permission` where the user neither is root nor can become it; `attempt` says what for. */
  requireRoot(attempt: string): Promise<void>;

  /** The file's content and ownership, or undefined where there is none; `no-permission` where it cannot be read. */
  readFile(path: string): Promise<RemoteFile | undefined>;
  /**
   * Writes a file so that it is either wholly the old or wholly the new one, also after a crash. An existing file keeps
   * its mode and owner unless `mode` is given; a new one is root's with `mode`, default 0o644. The folder must exist.
   * Needs root, as does `removeFile`.
   */
  writeFile(path: string, content: string | Buffer, options?: { mode?: number }): Promise<void>;
  /** Removes a file; one that is already gone is success. */
  removeFile(path: string): Promise<void>;

  /** A stream to a command's standard input and output; it fails with what the command says when that fails. */
  openCommand(command: readonly string[], options?: { asRoot?: boolean }): Promise<Duplex>;
  /** A stream to a Unix socket on the host. */
  openSocket(path: string): Promise<Duplex>;
  /** A stream to a TCP port as seen from the host. */
  openTcp(host: string, port: number): Promise<Duplex>;
}
