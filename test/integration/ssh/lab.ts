import { Lab } from "../../../lab";
import type { Connection } from "../../../provider/ssh/connection";

/** A lab of these tests' own: they stop the engine, add users and reboot. */
export function startLab(): Promise<Lab> {
  return Lab.start({ name: "ssh-tests", hosts: 1 });
}

/** Takes the lab down; with KEEP_LAB it stays, for the next run to find. */
export async function tearDown(lab: Lab): Promise<void> {
  if (!process.env.KEEP_LAB) await lab.stop();
}

export function connectionTo(lab: Lab, changed: Partial<Connection> = {}): Connection {
  const { address: host, hostKey } = lab.host(1);
  const { privateKey } = lab;
  return { host, port: 22, user: "root", privateKey, hostKey, dialErrorLimit: 10, perDialTimeout: 5, ...changed };
}
