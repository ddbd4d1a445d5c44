import { spawn } from "node:child_process";

export interface RanLines {
  stdout: string;
  stderr: string;
  exitCode: number;
  seconds: number;
}

export interface RunLinesOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Text for the program's standard input; nothing by default. */
  input?: string;
  /** Gets every line as it comes, from standard output and standard error. */
  onLine?: (line: string) => void;
  /** Kills the program, and it alone, by SIGKILL. */
  kill?: Kill;
}

/** When a program is killed that has not ended by then. */
export interface Kill {
  /** Milliseconds from its start, or from the line that says this. */
  after: number;
  line?: RegExp;
}

/** Runs a program to its end, whatever its exit code, and hands on what it says while it runs. */
export function runLines(program: string, args: string[], options: RunLinesOptions): Promise<RanLines> {
  const { cwd, env, input = "", kill } = options;
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: "pipe" });
    let timer: NodeJS.Timeout | undefined;
    const killSoon = () => {
      timer ??= kill && setTimeout(() => child.kill("SIGKILL"), kill.after);
    };
    if (!kill?.line) killSoon();
    const onLine = (line: string) => {
      if (kill?.line?.test(line)) killSoon();
      options.onLine?.(line);
    };
    const stdout = collect(child.stdout, onLine);
    const stderr = collect(child.stderr, onLine);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      const seconds = (performance.now() - start) / 1000;
      resolve({ stdout: stdout(), stderr: stderr(), exitCode: code ?? 1, seconds });
    });
    // A program may end without having read its input; its exit code tells what came of that.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** Gives the whole text once the stream has ended. */
function collect(stream: NodeJS.ReadableStream, onLine: (line: string) => void): () => string {
  let text = "";
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
  return () => text;
}
