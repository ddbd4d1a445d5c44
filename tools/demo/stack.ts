import { PulumiStack, ROOT } from "../stack";
import { stateDir } from "./state";

/** Where the CLI found its own programs; true of every run and of no use to who watches. */
const FOUND_ON_PATH = /warning: using pulumi-\S+ from \$PATH/;
/** The CLI's sign of life where it cannot redraw a line. */
const STILL_ALIVE = /^@ /;

/** The root project's stack for this lab, whose runs can be watched. */
export async function openStack(lab: string): Promise<PulumiStack> {
  return await PulumiStack.open({
    program: ROOT,
    state: stateDir(lab),
    name: "demo",
    progress: (line) => console.log(`  ${line}`),
    onLine: (line) => {
      if (!FOUND_ON_PATH.test(line) && !STILL_ALIVE.test(line)) console.log(line);
    },
  });
}
