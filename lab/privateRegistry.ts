import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { freePort } from "./freePort";
import type { LabHost } from "./host";
import type { Lab } from "./lab";
import { registryAnswers, spawnRegistry } from "./registry";
import { run } from "./run";

const USER = "lab";

/**
 * A registry beside the lab's own that lets only one user in, by HTTPS. It is a real one; before it stands a door that
 * counts what the hosts ask for, and can be told to turn them away. Lives as long as this process.
 */
export class PrivateRegistry {
  readonly username = USER;
  /** Which host was told what which tag is, once for each pull or look: `10.77.1.1 team/app:1`. */
  readonly told: string[] = [];
  /** Runs before a request is answered; what it gives is the answer's status, in place of the registry's own answer. */
  atDoor: ((path: string) => Promise<number | undefined>) | undefined;

  /** How many bytes a second it gives out; without, as many as it can. */
  rate: number | undefined;

  private constructor(
    private readonly lab: Lab,
    private readonly dir: string,
    private readonly port: number,
    private readonly registry: ChildProcess,
    private readonly door: Server,
    /** `address:port`, the first part of its images' names. */
    readonly address: string,
    readonly password: string,
  ) {}

  static async start(lab: Lab): Promise<PrivateRegistry> {
    const dir = await mkdtemp(join(tmpdir(), "crosshost-registry-"));
    const [gateway = ""] = lab.registry.split(":");
    const port = await freePort();
    const password = randomBytes(16).toString("hex");
    await writeAccounts(dir, port, password);
    const [storage, htpasswd] = [join(dir, "storage"), join(dir, "htpasswd")];
    await mkdir(storage);
    const registry = await spawnRegistry({
      address: `127.0.0.1:${port}`,
      storage,
      readOnly: false,
      htpasswd,
      files: dir,
    });
    await registryAnswers(`127.0.0.1:${port}`);
    const files = [join(dir, "key.pem"), join(dir, "ca.crt")] as const;
    const subject = ["-subj", "/CN=lab", "-addext", `subjectAltName=IP:${gateway}`];
    const made = ["-newkey", "ed25519", "-nodes", "-days", "2", "-keyout", files[0], "-out", files[1]];
    await run("openssl", ["req", "-x509", ...made, ...subject]);
    const [key, cert] = await Promise.all(files.map((file) => readFile(file)));
    const door = createServer({ key, cert });
    door.listen(0, gateway);
    await once(door, "listening");
    const address = `${gateway}:${(door.address() as { port: number }).port}`;
    const started = new PrivateRegistry(lab, dir, port, registry, door, address, password);
    door.on("request", (asked, answer) => void started.answer(asked, answer));
    return started;
  }

  /** Has a host's engine trust its certificate. */
  async trustedBy(host: LabHost): Promise<void> {
    const dir = `/etc/docker/certs.d/${this.address}`;
    const input = await readFile(join(this.dir, "ca.crt"), "utf8");
    await host.ssh(["sh", "-c", 'mkdir -p "$1" && cat > "$1/ca.crt"', "sh", dir], { input });
  }

  /** Gives an image of the lab's registry this name here; a tag that is there moves to it. */
  async push(image: string, name: string): Promise<void> {
    const from = `docker://${this.lab.registry}/library/${image}`;
    const to = `docker://127.0.0.1:${this.port}/${name}`;
    const options = [
      "--quiet",
      "--src-tls-verify=false",
      "--dest-tls-verify=false",
      "--authfile",
      join(this.dir, "auth.json"),
    ];
    await run("skopeo", ["--insecure-policy", "copy", ...options, from, to]);
  }

  async stop(): Promise<void> {
    this.door.close();
    this.door.closeAllConnections();
    const ended = once(this.registry, "exit");
    this.registry.kill();
    await ended;
    await rm(this.dir, { recursive: true });
  }

  private async *slowly(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      if (this.rate !== undefined) await setTimeout((chunk.length / this.rate) * 1000);
      yield chunk;
    }
  }

  private async answer(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method, url = "", headers } = asked;
    const [, name, tag] = /^\/v2\/(.+)\/manifests\/([^:]+)$/.exec(url) ?? [];
    const status = await this.atDoor?.(url);
    if (status !== undefined) {
      answer.writeHead(status).end();
      return;
    }
    const passed = request({ host: "127.0.0.1", port: this.port, method, path: url, headers }, (found) => {
      if (name && found.statusCode === 200) this.told.push(`${asked.socket.remoteAddress} ${name}:${tag}`);
      answer.writeHead(found.statusCode ?? 502, found.headers);
      pipeline(
        found,
        (chunks) => this.slowly(chunks),
        answer,
        () => {},
      );
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  }
}

/** The one account, as the registry has it and as skopeo takes it: from files, since everybody sees arguments. */
async function writeAccounts(dir: string, port: number, password: string): Promise<void> {
  const hash = await run("perl", ["-e", 'print crypt(<STDIN>, "\\$2b\\$05\\$" . "crosshostlabregistry..")'], {
    input: password,
  });
  await writeFile(join(dir, "htpasswd"), `${USER}:${hash}\n`);
  const auth = Buffer.from(`${USER}:${password}`).toString("base64");
  await writeFile(join(dir, "auth.json"), JSON.stringify({ auths: { [`127.0.0.1:${port}`]: { auth } } }), {
    mode: 0o600,
  });
}
