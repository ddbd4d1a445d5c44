import type { DockerApi } from "../../docker/api";
import { unlessNotFound } from "../../docker/errors";
import { firstFileOf, tar } from "../../docker/tar";
import { certificateId, type StoreTls } from "../../kv/tls";

/** Where a server's container has its certificates; others are elsewhere, so that it is made anew for them. */
export function tlsPaths(tls: StoreTls): Record<keyof StoreTls, string> {
  const folder = `/etc/crosshost-tls/${certificateId(tls)}`;
  return { ca: `${folder}/ca.pem`, cert: `${folder}/cert.pem`, key: `${folder}/key.pem` };
}

/**
 * Puts the certificates into a container before it starts. Only the user that the server runs as can read the key: the
 * files of a container are not out of reach of the host's other users. Source: CVE-2021-41091, mended in Docker 20.10.9.
 */
export async function putTlsFiles(
  docker: DockerApi,
  container: string,
  tls: StoreTls,
  user: string | undefined,
): Promise<void> {
  const paths = tlsPaths(tls);
  const owner = user === undefined ? undefined : await userOf(docker, container, user);
  const file = (part: keyof StoreTls, mode: number) => ({
    path: paths[part],
    content: Buffer.from(tls[part]),
    mode,
    owner,
  });
  await docker.containers.putArchive(container, tar([file("ca", 0o444), file("cert", 0o444), file("key", 0o400)]));
}

/** Numbers of a user of the image, `name` or `uid:gid`; undefined where it has no such user, and so all runs as root. */
async function userOf(docker: DockerApi, container: string, user: string) {
  const [, number, group] = /^(\d+)(?::(\d+))?$/.exec(user) ?? [];
  if (number !== undefined) return { uid: Number(number), gid: Number(group ?? 0) };
  const archive = await unlessNotFound(docker.containers.getArchive(container, "/etc/passwd"));
  const lines = (archive && firstFileOf(archive)?.toString().split("\n")) ?? [];
  const [, , uid, gid] = lines.map((line) => line.split(":")).find(([name]) => name === user.split(":")[0]) ?? [];
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
