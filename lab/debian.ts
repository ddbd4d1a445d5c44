import { chmod } from "node:fs/promises";
import { CrosshostError } from "../provider/errors";
import { run } from "./run";

/** The Debian releases that hosts can be made of; each brings another Docker (see base.ts). */
export const suites = ["bullseye", "bookworm", "trixie"] as const;
export type Suite = (typeof suites)[number];

/** The mirror that this machine gets its own Debian packages from. */
export async function debianMirror(): Promise<string> {
  const format = "$(ORIGIN)|$(COMPONENT)|$(CODENAME)|$(SITE)";
  const targets = await run("apt-get", ["indextargets", "--format", format, "Identifier: Packages"]);
  const rows = targets.split("\n").map((line) => line.split("|"));
  const main = rows.find(([origin, component, codename]) => {
    return origin === "Debian" && component === "main" && codename && !codename.includes("-");
  });
  if (main?.[3]) return main[3];
  throw new CrosshostError("this machine's apt sources name no Debian mirror to make the lab's hosts from", {
    code: "unsupported",
    hint: "the lab runs on Debian; add Debian's main archive to the apt sources and run apt-get update",
  });
}

/**
 * Unpacks Debian packages into `dir`.
 * `system`: a small system with these packages installed and configured; `files`: just their files and those of what they depend on.
 */
export async function debootstrap(suite: Suite, kind: "system" | "files", packages: string[], dir: string) {
  const variant = kind === "system" ? "minbase" : "extract";
  const args = ["--quiet", `--variant=${variant}`, `--include=${packages.join(",")}`, suite, dir];
  await run("mmdebstrap", [...args, await debianMirror()], {
    what: `cannot unpack ${packages.join(", ")} of Debian ${suite}`,
  });
  // A temporary folder is private; a root file system is not.
  await chmod(dir, 0o755);
}
