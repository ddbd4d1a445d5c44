import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The repository's folder. */
export const ROOT = join(__dirname, "../..");

/**
 * A Pulumi program in a folder of its own, which may be there or not: the example of two hosts, or with `index` that text
 * in its place. It finds the repository's packages, and through them the repository itself as "pulumi-crosshost".
 */
export async function makeProgram(folder: string, index?: string): Promise<string> {
  const example = join(ROOT, "examples/two-hosts");
  await mkdir(folder, { recursive: true });
  for (const file of ["Pulumi.yaml", "package.json", "tsconfig.json", "index.ts"]) {
    await cp(join(example, file), join(folder, file));
  }
  if (index !== undefined) await writeFile(join(folder, "index.ts"), index);
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}
