import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { DockerApi } from "../../docker/api";
import type { Container } from "../../docker/containerTypes";
import { tar } from "../../docker/tar";
import { CrosshostError } from "../../errors";
import type { Upload } from "./options/uploads";
import { hasNeverRun } from "./start";

/** Puts files into a container before its first start; one that has run has its own by now. */
export async function upload(docker: DockerApi, container: Container, uploads: readonly Upload[] = []): Promise<void> {
  if (uploads.length === 0 || !hasNeverRun(container)) return;
  const files = await Promise.all(
    uploads.map(async (each) => ({ path: each.file, content: await contentOf(each), mode: modeOf(each) })),
  );
  await docker.containers.putArchive(container.Id, tar(files));
}

/** What tells whether a container was made with these files. */
export async function uploadDigests(uploads: readonly Upload[]): Promise<string[]> {
  return Promise.all(
    uploads.map(async (each) => {
      const digest = createHash("sha256").update(await contentOf(each));
      return `${each.file} ${modeOf(each).toString(8)} ${digest.digest("hex")}`;
    }),
  );
}

async function contentOf({ file, content, contentBase64, source }: Upload): Promise<Buffer> {
  if (contentBase64 !== undefined) return Buffer.from(contentBase64, "base64");
  if (source === undefined) return Buffer.from(content ?? "");
  try {
    return await readFile(source);
  } catch (error) {
    throw new CrosshostError(`cannot read ${source}, which is to become ${file}: ${(error as Error).message}`, {
      code: "not-found",
      cause: error,
    });
  }
}

function modeOf({ permissions, executable }: Upload): number {
  if (permissions !== undefined) return Number.parseInt(permissions, 8);
  return executable ? 0o744 : 0o644;
}
