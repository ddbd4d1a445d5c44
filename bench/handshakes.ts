import type { Lab } from "../lab";

/** How many logins each host's sshd accepted while `work` ran, the asking itself not counted. */
export async function handshakesDuring(lab: Lab, work: () => Promise<void>): Promise<number[]> {
  const before = await accepted(lab);
  await work();
  // Whoever asks logs in, too: the second look finds itself.
  return (await accepted(lab)).map((count, i) => count - before[i]! - 1);
}

function accepted(lab: Lab): Promise<number[]> {
  return Promise.all(
    lab.hosts.map(async (host) => {
      const journal = ["journalctl", "--boot", "--unit=ssh", "--output=cat", "--no-pager"];
      const { stdout, stderr, exitCode } = await host.ssh(journal);
      if (exitCode !== 0) throw new Error(`${host.name}: ${journal.join(" ")}: ${stderr.trim()}`);
      return stdout.split("\n").filter((line) => line.startsWith("Accepted publickey")).length;
    }),
  );
}
