import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cached, cacheKey } from "../../lab/cached";
import { type Progress, step } from "../../lab/progress";
import { attempt, run } from "../../lab/run";
import { CrosshostError } from "../../provider/errors";

/** A program that Go builds out of a committed module beside this file, checked against the module's go.sum. */
export interface Built {
  /** The file it becomes. */
  program: string;
  /** The module's folder. */
  module: string;
  /** The package of the main function. */
  source: string;
  /** The module that holds the package; its version is in our go.mod. */
  from: string;
  /** How long a first build takes, for whoever waits. */
  takes: string;
}

export const cli: Built = {
  program: "pulumi",
  module: join(__dirname, "cli"),
  source: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  from: "github.com/pulumi/pulumi/pkg/v3",
  takes: "about four minutes",
};

/** Runs Node.js programs for the CLI. This version is the last one that is published as a Go module. */
export const languageHost: Built = {
  program: "pulumi-language-nodejs",
  module: join(__dirname, "language-nodejs"),
  source: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
  from: "github.com/pulumi/pulumi/sdk/v3",
  takes: "about half a minute",
};

/** The folder with the built program; built on first use. */
export async function build(built: Built, progress: Progress): Promise<string> {
  const [mod, sum] = await Promise.all(["go.mod", "go.sum"].map((file) => readFile(join(built.module, file), "utf8")));
  const version = versionIn(mod!, built.from);
  const flags = [
    "-trimpath",
    "-mod=readonly",
    `-ldflags=-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`,
  ];
  return await cached(["pulumi", `${built.program}-${version}-${cacheKey({ mod, sum, flags })}`], async (dir) => {
    await requireGo(built);
    progress(`${built.program} ${version}: building with Go (once, ${built.takes})`);
    await step(progress, `${built.program} ${version}: built`, () =>
      run("go", ["build", ...flags, "-o", join(dir, built.program), built.source], {
        cwd: built.module,
        env: { CGO_ENABLED: "0", GOWORK: "off" },
        what: `cannot build ${built.program} ${version}`,
      }),
    );
  });
}

/** The version that a go.mod requires of a module. */
export function versionIn(mod: string, module: string): string {
  const line = mod.split("\n").map((text) => text.trim().replace(/^require /, ""));
  const version = line.find((text) => text.startsWith(`${module} v`))?.split(" ")[1];
  if (version) return version;
  throw new Error(`go.mod does not require ${module}`);
}

/** Asked in the module's folder, go itself says whether it is new enough for the module. */
async function requireGo({ module }: Built): Promise<void> {
  const asked = await attempt("go", ["env", "GOVERSION"], { cwd: module }).catch((error: Error) => error);
  if (!(asked instanceof Error) && asked.exitCode === 0) return;
  const said = asked instanceof Error ? asked.message : asked.stderr.trim();
  throw new CrosshostError(`there is no pulumi on the PATH, and Go cannot build it: ${said}`, {
    code: "unsupported",
    hint: "install the Pulumi CLI (pulumi.com/docs/install) or Go 1.25.11 or newer (go.dev/doc/install), and put it on the PATH",
  });
}
