import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { StoreTls } from "../../provider/kv/tls";

const execute = promisify(execFile);

/** An authority of its own, which signs certificates for as long as the test needs it. */
export class Authority {
  private constructor(private readonly folder: string) {}

  static async create(): Promise<Authority> {
    const authority = new Authority(await mkdtemp(join(tmpdir(), "crosshost-ca-")));
    await authority.openssl("ca", "test authority", [], ["basicConstraints=critical,CA:TRUE"]);
    return authority;
  }

  /** A certificate for these names and addresses, such as "IP:10.77.0.1"; of use to servers and clients unless told otherwise. */
  async issue(names: readonly string[], usage = "serverAuth,clientAuth", days = 2): Promise<StoreTls> {
    const signed = ["-CA", this.file("ca.crt"), "-CAkey", this.file("ca.key"), "-days", String(days)];
    const extensions = [`subjectAltName=${names.join(",")}`, `extendedKeyUsage=${usage}`];
    await this.openssl("leaf", "test", signed, ["basicConstraints=CA:FALSE", ...extensions]);
    const [ca, cert, key] = await Promise.all(
      ["ca.crt", "leaf.crt", "leaf.key"].map((name) => readFile(this.file(name), "utf8")),
    );
    return { ca: ca!, cert: cert!, key: key! };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private file(name: string): string {
    return join(this.folder, name);
  }

  private async openssl(name: string, subject: string, args: string[], extensions: string[]): Promise<void> {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", this.file(`${name}.key`)];
    const made = ["-x509", "-subj", `/CN=${subject}`, "-out", this.file(`${name}.crt`)];
    const extras = extensions.flatMap((extension) => ["-addext", extension]);
    await execute("openssl", ["req", ...key, ...made, ...args, ...extras]);
  }
}
