import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CrosshostError } from "../../provider/errors";
import { findPulumi, type Pulumi } from "../pulumi";
import { type Kill, type RanLines, runLines } from "./runLines";
import { readSteps, type Step } from "./steps";

export interface StackOptions {
  /** The program's folder, with its Pulumi.yaml; nothing is written there. */
  program: string;
  /** A folder for the backend, the CLI's home and the stack's configuration; made when it is not there. */
  state: string;
  /** The stack's name. Default "test". */
  name?: string;
  /** Gets every line the CLI says, as it comes. */
  onLine?: (line: string) => void;
  progress?: (line: string) => void;
}

/** What one run of the CLI said and, for the verbs that go over resources, did. */
export interface StackRun extends RanLines {
  steps: Step[];
}

export interface VerbOptions {
  /** Refreshes first; `up` and `destroy` only. Default: the CLI's. */
  refresh?: boolean;
  /** Fails when anything changes. */
  expectNoChanges?: boolean;
  /** Shows the preview's properties as a diff. */
  diff?: boolean;
  /** Default true: an exit code other than 0 is an error with everything the CLI said. */
  mustSucceed?: boolean;
  /** More environment for this run. */
  env?: Record<string, string>;
  /** More arguments for this run. */
  args?: string[];
  /** Kills the CLI, and it alone, by SIGKILL. */
  kill?: Kill;
}

/** Encrypts the configuration of stacks that live and die with a lab, whose key it is that they hold. */
const PASSPHRASE = "crosshost";

/** One stack of a program, in a backend of its own, run by the real CLI. */
export class PulumiStack {
  private runs = 0;

  private constructor(
    private readonly options: Required<Pick<StackOptions, "program" | "state" | "name">> & StackOptions,
    private readonly cli: Pulumi,
  ) {}

  /** The stack as it is in `state`, or a new one. */
  static async open({ name = "test", ...options }: StackOptions): Promise<PulumiStack> {
    const { program, state, progress = () => {} } = options;
    const stack = new PulumiStack({ ...options, name }, await findPulumi(progress));
    await Promise.all([stack.backendDir, stack.home].map((dir) => mkdir(dir, { recursive: true })));
    // Beside the project's file the CLI writes the stack's configuration, which does not belong into the program's folder.
    await cp(join(program, "Pulumi.yaml"), join(state, "Pulumi.yaml"));
    await stack.must(["stack", "select", "--create", "--stack", name], { cwd: state });
    return stack;
  }

  /** The CLI's environment for this stack. */
  get env(): NodeJS.ProcessEnv {
    const { backendDir, home } = this;
    const environment = this.cli.environment({ backendDir, home, passphrase: PASSPHRASE });
    // Without this the CLI has no --event-log.
    return { ...environment, PULUMI_DEBUG_COMMANDS: "1" };
  }

  /** Sets many values at once, none of them secret, each by its path: `hosts[0].host`. */
  async configAll(values: Record<string, string>): Promise<void> {
    const pairs = Object.entries(values).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
    await this.must(["config", "set-all", ...this.stackFlags, "--path", ...pairs]);
  }

  /** Sets one value of the program's configuration; with `path`, inside an object or a list. */
  async config(key: string, value: string, { secret = false, path = false } = {}): Promise<void> {
    const flags = [secret ? ["--secret"] : ["--plaintext"], path ? ["--path"] : []].flat();
    // By standard input: what stands among the arguments, every user of the machine can read.
    await this.must(["config", "set", ...this.stackFlags, ...flags, key], { input: value });
  }

  async up(options: VerbOptions = {}): Promise<StackRun> {
    return await this.verb("up", ["--yes", "--skip-preview"], options);
  }

  async preview(options: VerbOptions = {}): Promise<StackRun> {
    return await this.verb("preview", [], options);
  }

  async refresh(options: VerbOptions = {}): Promise<StackRun> {
    return await this.verb("refresh", ["--yes", "--skip-preview"], options);
  }

  async destroy(options: VerbOptions = {}): Promise<StackRun> {
    return await this.verb("destroy", ["--yes", "--skip-preview"], options);
  }

  /** Takes away the lock that a CLI which was killed has left. */
  async cancel(): Promise<void> {
    await this.must(["cancel", "--yes", this.options.name]);
  }

  /** The stack's state as JSON text. */
  async exportState({ showSecrets = false } = {}): Promise<string> {
    const flags = showSecrets ? ["--show-secrets"] : [];
    return (await this.must(["stack", "export", "--stack", this.options.name, ...flags])).stdout;
  }

  /** Runs the CLI with any arguments in the program's folder, whatever comes of it. */
  async run(args: string[], env: Record<string, string> = {}): Promise<RanLines> {
    return await this.cliRun([...args, "--non-interactive"], { env });
  }

  /** Forgets the stack; what it made on hosts stays. */
  async remove(): Promise<void> {
    await rm(this.options.state, { recursive: true, force: true });
  }

  private get backendDir(): string {
    return join(this.options.state, "backend");
  }

  /** Pulumi's home of every run. */
  get home(): string {
    return join(this.options.state, "home");
  }

  private get stackFlags(): string[] {
    const { name, state } = this.options;
    return ["--stack", name, "--config-file", join(state, `Pulumi.${name}.yaml`)];
  }

  private async verb(verb: string, own: string[], options: VerbOptions): Promise<StackRun> {
    const { refresh, expectNoChanges = false, diff = false, mustSucceed = true, env = {}, args = [], kill } = options;
    const log = join(this.options.state, `events-${process.pid}-${this.runs++}.json`);
    const flags = [
      ...own,
      ...(refresh === undefined ? [] : [`--refresh=${refresh}`]),
      ...(expectNoChanges ? ["--expect-no-changes"] : []),
      ...(diff ? ["--diff"] : []),
    ];
    const { onLine } = this.options;
    const words = [verb, ...this.stackFlags, ...flags, "--event-log", log, "--non-interactive", ...args];
    // A CLI that is killed at once has made none.
    await writeFile(log, "");
    try {
      const ran = await this.cliRun(words, { env, onLine, kill });
      if (mustSucceed) assertSucceeded(verb, ran);
      return { ...ran, steps: await readSteps(log, verb === "preview") };
    } finally {
      await rm(log, { force: true });
    }
  }

  private async must(args: string[], options: { input?: string; cwd?: string } = {}): Promise<RanLines> {
    const ran = await this.cliRun([...args, "--non-interactive"], options);
    assertSucceeded(args.slice(0, 2).join(" "), ran);
    return ran;
  }

  private cliRun(
    args: string[],
    options: {
      input?: string;
      cwd?: string;
      env?: Record<string, string>;
      onLine?: (line: string) => void;
      kill?: Kill;
    },
  ): Promise<RanLines> {
    const { cwd = this.options.program, env = {}, ...rest } = options;
    return runLines(this.cli.path, args, { ...rest, cwd, env: { ...this.env, ...env } });
  }
}

function assertSucceeded(what: string, { stdout, stderr, exitCode }: RanLines): void {
  if (exitCode === 0) return;
  throw new CrosshostError(`pulumi ${what}: exit code ${exitCode}:\n${stdout}${stderr}`, { code: "command-failed" });
}
