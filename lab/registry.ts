import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Deadline, waitFor } from "../provider/wait";
import { spawnInCgroup } from "./cgroup";

export interface RegistryOptions {
  /** Where it listens: `address:port`. */
  address: string;
  /** The folder with its content. */
  storage: string;
  readOnly: boolean;
  /** A file of users and bcrypt hashes, as htpasswd writes it: only they get in. Default: everybody does. */
  htpasswd?: string;
  /** A folder for its configuration and log. */
  files: string;
}

/** Starts a registry as a child of this process. */
export async function spawnRegistry(options: RegistryOptions) {
  const command = await registryCommand(options);
  const log = openSync(join(options.files, "registry.log"), "w");
  try {
    return spawn(command[0]!, command.slice(1), { stdio: ["ignore", log, log] });
  } finally {
    closeSync(log);
  }
}

/** Starts a registry that outlives this process, in a control group of its own, and waits until it answers. */
export async function startRegistry(cgroup: string, options: RegistryOptions): Promise<void> {
  await spawnInCgroup(cgroup, await registryCommand(options), { log: join(options.files, "registry.log") });
  await registryAnswers(options.address);
}

async function registryCommand({ address, storage, readOnly, htpasswd, files }: RegistryOptions): Promise<string[]> {
  const config = {
    version: 0.1,
    log: { level: "warn" },
    storage: { filesystem: { rootdirectory: storage }, maintenance: { readonly: { enabled: readOnly } } },
    http: { addr: address },
    ...(htpasswd === undefined ? {} : { auth: { htpasswd: { realm: "lab", path: htpasswd } } }),
  };
  await mkdir(files, { recursive: true });
  const file = join(files, "registry.yml");
  // The configuration is YAML, and JSON is YAML.
  await writeFile(file, JSON.stringify(config));
  return ["docker-registry", "serve", file];
}

/** Returns once the registry answers requests. */
export async function registryAnswers(address: string): Promise<void> {
  await waitFor(
    async () => {
      try {
        const { status } = await fetch(`http://${address}/v2/`);
        // A registry that asks who is there answers, too.
        return status === 200 || status === 401 ? { done: undefined } : { seen: `HTTP status ${status}` };
      } catch (error) {
        return { seen: error instanceof Error ? String(error.cause ?? error) : String(error) };
      }
    },
    { what: `the registry at ${address}`, deadline: new Deadline(20_000) },
  );
}
