import type { AddressInfo } from "node:net";
import { Server, type ServerChannel } from "ssh2";
import { newKey } from "../../helpers/keys";

// Simulates hosts on this machine, in a process of their own: each has its sshd, whose commands all succeed. The first
// argument says how many; the last of them is slow, by the milliseconds of the second.
const [count = 0, delay = 0] = process.argv.slice(2).map(Number);
const clientKey = newKey();
const hostKey = newKey();

function listen(milliseconds: number): Promise<number> {
  const server = new Server({ hostKeys: [hostKey.private] }, (peer) => {
    peer.on("error", () => undefined);
    peer.on("authentication", (context) => context.accept());
    peer.on("session", (accept) => {
      accept().on("exec", (acceptCommand, _reject, { command }) => {
        const channel: ServerChannel = acceptCommand();
        const [, begun = ""] = /printf %s (\S+);/.exec(command) ?? [];
        setTimeout(() => {
          channel.write(`${begun}done\n`);
          channel.exit(0);
          channel.end();
        }, milliseconds);
      });
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

async function main(): Promise<void> {
  const ports = await Promise.all(Array.from({ length: count }, (_, i) => listen(i === count - 1 ? delay : 0)));
  process.send!({ ports, privateKey: clientKey.private, hostKey: hostKey.public });
}

process.on("disconnect", () => process.exit());
void main();
