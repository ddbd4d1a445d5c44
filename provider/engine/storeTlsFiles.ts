import { CrosshostError } from "../errors";
import { certificateId, type StoreTls } from "../kv/tls";
import type { Host } from "../ssh/host";
import type { ClusterSettings } from "./clusterSettings";

type Options = ClusterSettings["clusterStoreOpts"];

/** Under here each set of certificates has a folder of its own: those before it are there until the engine runs with the new. */
export const STORE_TLS_FOLDER = "/etc/docker/crosshost-tls";

/** dockerd's options for the files; it uses TLS where all three are given. Source: moby 20.10, `pkg/discovery/kv`. */
const OPTIONS = { ca: "kv.cacertfile", cert: "kv.certfile", key: "kv.keyfile" } as const;
export const TLS_OPTIONS: readonly string[] = Object.values(OPTIONS);

const PARTS = ["ca", "cert", "key"] as const;

function folderOf(tls: StoreTls): string {
  return `${STORE_TLS_FOLDER}/${certificateId(tls)}`;
}

/** The engine's options for certificates of ours, and so where they lie. */
export function tlsOptionsOf(tls: StoreTls): Options {
  return Object.fromEntries(PARTS.map((part) => [OPTIONS[part], `${folderOf(tls)}/${part}.pem`]));
}

/** The certificates that an engine's options name, as they lie on its host; undefined where they name none. */
export async function readStoreTls(host: Host, options: Options = {}): Promise<StoreTls | undefined> {
  const paths = PARTS.map((part) => options[OPTIONS[part]]);
  if (paths.some((path) => path === undefined)) return undefined;
  const files = await Promise.all(paths.map((path) => host.readFile(path!)));
  const [ca, cert, key] = files.map((file) => file?.content.toString());
  return ca === undefined || cert === undefined || key === undefined ? undefined : { ca, cert, key };
}

/** Whether they lie there as they should. */
export async function hasStoreTls(host: Host, tls: StoreTls): Promise<boolean> {
  const there = await readStoreTls(host, tlsOptionsOf(tls));
  return there !== undefined && PARTS.every((part) => there[part] === tls[part]);
}

/** Lays them on the host, the key for root alone. Needs root. */
export async function putStoreTls(host: Host, tls: StoreTls): Promise<void> {
  if (await hasStoreTls(host, tls)) return;
  await host.run(["mkdir", "-p", "-m", "755", STORE_TLS_FOLDER, folderOf(tls)], { asRoot: true });
  for (const part of PARTS) {
    await host.writeFile(`${folderOf(tls)}/${part}.pem`, tls[part], { mode: part === "key" ? 0o600 : 0o644 });
  }
}

/** The sets of certificates that are there; undefined where there has never been one. */
async function foldersOf(host: Host): Promise<string[] | undefined> {
  const look = ["ls", "-A", STORE_TLS_FOLDER];
  const { stdout, stderr, exitCode } = await host.run(look, { asRoot: true, allowedExitCodes: [0, 1, 2] });
  if (exitCode === 0) return stdout.split("\n").filter((name) => name !== "");
  if (/No such file or directory/.test(stderr)) return undefined;
  throw new CrosshostError(`host ${host.address}: cannot look into ${STORE_TLS_FOLDER}: ${stderr.trim()}`, {
    code: "command-failed",
  });
}

/** Takes away all but these, or all. */
export async function removeStoreTls(host: Host, kept?: StoreTls): Promise<void> {
  const there = await foldersOf(host);
  const keeps = kept && certificateId(kept);
  if (!there) return;
  for (const name of there.filter((each) => each !== keeps)) {
    await host.run(["rm", "-rf", "--", `${STORE_TLS_FOLDER}/${name}`], { asRoot: true });
  }
  if (!keeps) await host.run(["rmdir", "--ignore-fail-on-non-empty", STORE_TLS_FOLDER], { asRoot: true });
}
