import { access, constants } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import type { Progress } from "../../lab/progress";
import { build, cli, languageHost } from "./build";
import { type EnvironmentOptions, environment } from "./environment";

export interface Pulumi {
  /** The CLI's file. */
  path: string;
  /** The environment to run it in, with a backend of its own: nothing is shared with other uses of Pulumi on the machine. */
  environment(options: EnvironmentOptions): NodeJS.ProcessEnv;
}

/** The `pulumi` on the PATH, when it can run Node.js programs; else one built with Go and kept in the cache. */
export async function findPulumi(progress: Progress): Promise<Pulumi> {
  const installed = await onPath("pulumi");
  if (installed) {
    const host =
      (await executable(join(dirname(installed), languageHost.program))) ?? (await onPath(languageHost.program));
    if (host) return found(installed, [dirname(host)]);
    progress(`${installed} has no ${languageHost.program} beside it or on the PATH: another is used`);
  }
  // One after the other: each build uses every core.
  const hostDir = await build(languageHost, progress);
  const cliDir = await build(cli, progress);
  return found(join(cliDir, cli.program), [hostDir]);
}

function found(path: string, others: string[]): Pulumi {
  return { path, environment: (options) => environment([dirname(path), ...others], options) };
}

async function onPath(program: string): Promise<string | undefined> {
  for (const dir of (process.env.PATH ?? "").split(delimiter).filter(Boolean)) {
    const file = await executable(join(dir, program));
    if (file) return file;
  }
  return undefined;
}

async function executable(file: string): Promise<string | undefined> {
  return await access(file, constants.X_OK).then(
    () => file,
    () => undefined,
  );
}
