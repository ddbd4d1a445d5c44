import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cached, cacheKey } from "../cached";
import { freePort } from "../freePort";
import { type Progress, step } from "../progress";
import { registryAnswers, spawnRegistry } from "../registry";
import { run } from "../run";
import { images } from "./index";
import { writeLayout } from "./layout";

/** The folder of a registry's storage that holds all images; made once, only read afterwards. */
export async function imageStore(progress: Progress): Promise<string> {
  const key = cacheKey(images.map(({ name, tags, config, version }) => ({ name, tags, config, version })));
  return await cached(["lab", "images", key], async (dir) => {
    progress("images: building (once)");
    const address = `127.0.0.1:${await freePort()}`;
    const registry = await spawnRegistry({ address, storage: dir, readOnly: false, files: `${dir}.registry` });
    try {
      await registryAnswers(address);
      for (const image of images)
        await step(progress, `image ${image.name}: built`, () => addImage(image, address, dir));
    } finally {
      const ended = once(registry, "exit");
      registry.kill();
      await ended;
      await rm(`${dir}.registry`, { recursive: true });
    }
  });
}

async function addImage(image: (typeof images)[number], address: string, dir: string): Promise<void> {
  const work = join(dir, "work");
  await mkdir(work);
  const layout = await writeLayout(image, work);
  for (const { tag } of image.tags) {
    // Docker asks a mirror for its official images under library/.
    const target = `docker://${address}/library/${image.name}:${tag}`;
    const options = ["--quiet", "--format=v2s2", "--dest-tls-verify=false"];
    await run("skopeo", ["--insecure-policy", "copy", ...options, `oci:${layout}:${tag}`, target]);
  }
  await rm(work, { recursive: true });
}
