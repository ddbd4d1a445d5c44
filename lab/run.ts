import { execFile } from "node:child_process";
import { CrosshostError } from "../provider/errors";

export interface RunOptions {
  /** Text for the program's standard input; nothing by default. */
  input?: string;
  env?: Record<string, string>;
  /** The folder to run in; this process's own by default. */
  cwd?: string;
  /** What a failure means to the reader; completes "<what>: <what the program said>". Default: the command. */
  what?: string;
}

export interface Ran {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** Runs a program of this machine to its end and gives what it said, whatever its exit code. */
export function attempt(program: string, args: string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...options.env };
    const child = execFile(program, args, { env, cwd: options.cwd, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (!error) return resolve({ stdout, stderr, exitCode: 0 });
      if (typeof error.code === "number") return resolve({ stdout, stderr, exitCode: error.code });
      reject(
        new CrosshostError(`cannot run ${program}: ${error.code ?? error.signal ?? error.message}`, {
          code: "command-failed",
          cause: error,
        }),
      );
    });
    // A program may end without having read its input; its exit code tells what came of that.
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.input ?? "");
  });
}

/** Runs a program of this machine to its end and gives its standard output; any other exit code than 0 is an error. */
export async function run(program: string, args: string[], options: RunOptions = {}): Promise<string> {
  const { stdout, stderr, exitCode } = await attempt(program, args, options);
  if (exitCode === 0) return stdout;
  const said = (stderr.trim() || stdout.trim()).split("\n").slice(-12).join("; ");
  const what = options.what ?? [program, ...args].join(" ");
  throw new CrosshostError(`${what}: exit code ${exitCode}: ${said}`, { code: "command-failed" });
}
