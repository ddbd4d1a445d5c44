import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { run } from "../run";
import type { Image } from "./image";

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

const mediaType = (what: string) => `application/vnd.oci.image.${what}`;
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64" };

/** Writes the image with all its tags into `dir` as an OCI image layout; gives the layout's folder. */
export async function writeLayout(image: Image, dir: string): Promise<string> {
  const layout = join(dir, "layout");
  const root = join(dir, "root");
  for (const folder of [root, join(layout, "blobs/sha256")]) await mkdir(folder, { recursive: true });
  await image.fill(root);
  const tar = join(dir, "layer.tar");
  const sameEveryTime = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  await run("tar", [...sameEveryTime, "-C", root, "-cf", tar, "."]);
  const zipped = `${tar}.gz`;
  await pipeline(createReadStream(tar), createGzip({ level: 1 }), createWriteStream(zipped));
  const layer: Descriptor = {
    mediaType: mediaType("layer.v1.tar+gzip"),
    digest: await digestOfFile(zipped),
    size: (await stat(zipped)).size,
  };
  await rename(zipped, blobPath(layout, layer.digest));
  const diffId = await digestOfFile(tar);

  const manifests = [];
  for (const { tag, labels } of image.tags) {
    const config = await writeJson(layout, "config.v1+json", {
      architecture: architectures[process.arch] ?? process.arch,
      os: "linux",
      created: "2022-01-01T00:00:00Z",
      config: { ...image.config, ...(labels && { Labels: labels }) },
      rootfs: { type: "layers", diff_ids: [diffId] },
    });
    const manifest = { schemaVersion: 2, mediaType: mediaType("manifest.v1+json"), config, layers: [layer] };
    const written = await writeJson(layout, "manifest.v1+json", manifest);
    manifests.push({ ...written, annotations: { "org.opencontainers.image.ref.name": tag } });
  }
  await writeFile(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
  await writeFile(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  for (const used of [root, tar]) await rm(used, { recursive: true });
  return layout;
}

async function writeJson(layout: string, kind: string, content: object): Promise<Descriptor> {
  const text = JSON.stringify(content);
  const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
  await writeFile(blobPath(layout, digest), text);
  return { mediaType: mediaType(kind), digest, size: Buffer.byteLength(text) };
}

async function digestOfFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return `sha256:${hash.digest("hex")}`;
}

const blobPath = (layout: string, digest: string) => join(layout, "blobs", digest.replace(":", "/"));
