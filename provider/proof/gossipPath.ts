import { isCode } from "../errors";
import type { Host } from "../ssh/host";
import type { Clock } from "../wait";
import { gossipPing } from "./scripts";

const GOSSIP_PORT = 7946;
/** How long an answer may take that a firewall would swallow. */
const PATIENCE = 2_000;

/** What keeps the gossip of one host's engine from another's; undefined where both its ways are open, or cannot be told. */
export async function gossipBlocked(from: Host, tunnel: string, clock: Clock): Promise<string | undefined> {
  const [tcp, udp] = await Promise.all([reachesTcp(from, tunnel, clock), answersUdp(from, tunnel)]);
  const closed = [...(tcp ? [] : ["tcp"]), ...(udp ? [] : ["udp"])];
  return closed.length === 0 ? undefined : closed.map((protocol) => `${GOSSIP_PORT}/${protocol}`).join(" and ");
}

async function reachesTcp(from: Host, tunnel: string, clock: Clock): Promise<boolean> {
  const connecting = from.openTcp(tunnel, GOSSIP_PORT).then(
    (stream) => {
      stream.destroy();
      return true;
    },
    (error) => {
      if (isCode(error, "refused")) return false;
      throw error;
    },
  );
  const late = clock.sleep(PATIENCE).then(() => false);
  return await Promise.race([connecting, late]);
}

async function answersUdp(from: Host, tunnel: string): Promise<boolean> {
  const options = { allowedExitCodes: [0, 1, 126, 127] };
  const { stdout } = await from.run(["bash", "-c", gossipPing, "bash", tunnel], options);
  // Without bash nothing is known, and nothing is said.
  return stdout.trim() !== "silent";
}
