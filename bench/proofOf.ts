import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Lab } from "../lab";
import { cacheDir } from "../lab/paths";
import { overlayProgram } from "../tools/overlayProgram";
import { configureTwoHosts, makeProgram, PulumiStack } from "../tools/stack";
import { type FullMesh, fullMesh } from "./fullMesh";
import { handshakesDuring } from "./handshakes";
import { measurePairs, type Pair } from "./pairs";

const NAME = "bench-proof";

/** Milliseconds in which engines clean up after many containers that were removed: that is no part of the next `up`. */
const SETTLING = 5_000;

/** A cluster whose proof is measured. */
export interface Size {
  hosts: number;
  /** On each host. */
  containers: number;
}

export interface Proven {
  /** The `up` that makes the containers: with the proof, and as the baseline without. */
  pairs: Pair[];
  /** One packet from each container to each other one, right after an `up` with the proof. */
  mesh: FullMesh;
  /** The same after an `up` without the proof, when all containers had talked before and were made anew. */
  unproven: FullMesh;
  /** How many logins that `up` took of each host. */
  handshakes: number[];
}

/** Makes the containers of a cluster again and again, in pairs with the same without the proof. */
export async function proofOf({ hosts, containers }: Size, pairs: number): Promise<Proven> {
  const dir = cacheDir(NAME);
  await rm(dir, { recursive: true, force: true });
  await (await Lab.open(NAME))?.stop();
  const lab = await Lab.start({ hosts, name: NAME });
  try {
    const container = 'verifyConnectivity: config.get("verify") as "off",';
    const program = await makeProgram(join(dir, "program"), overlayProgram({ container }));
    const stack = await PulumiStack.open({ program, state: join(dir, "state"), name: "bench" });
    await configureTwoHosts(stack, lab);
    const make = async (verify: "require" | "off") => {
      await stack.configAll({ verify, perHost: String(containers) });
      return (await stack.up()).seconds;
    };
    const clear = async () => {
      await stack.config("perHost", "0");
      await stack.up();
      await sleep(SETTLING);
    };
    const timed = async (verify: "require" | "off") => {
      const seconds = await make(verify);
      await clear();
      return seconds;
    };
    // What is done once, the cluster and the pull of the image, counts for neither.
    await timed("off");
    const handshakes = await handshakesDuring(lab, async () => {
      await make("require");
    });
    const mesh = await fullMesh(lab, "ov_net1");
    await clear();
    const contest = { ours: () => timed("require"), baseline: () => timed("off") };
    const measured = await measurePairs(pairs, contest);
    await make("off");
    return { pairs: measured, mesh, unproven: await fullMesh(lab, "ov_net1"), handshakes };
  } finally {
    await lab.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
