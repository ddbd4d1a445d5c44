/** A program of containers alone, which stand in a file beside it: `containers.json`, a list of `WantedContainer`. */
export const CONTAINERS_PROGRAM = `
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as crosshost from "pulumi-crosshost";

const config = new pulumi.Config();
const privateKey = config.requireSecret("privateKey");
const connections = config
  .requireObject<{ host: string; hostKey: string }[]>("hosts")
  .map(({ host, hostKey }) => ({ host, hostKey, user: "root", privateKey }));
const wanted = JSON.parse(readFileSync(join(__dirname, "containers.json"), "utf8"));
for (const { name, host, ...args } of wanted) {
  new crosshost.Container(name, { connection: connections[host], ...args });
}
`;

/** One container as the file has it: its resource's name, the index of its host, and its arguments. */
export interface WantedContainer extends Record<string, unknown> {
  name: string;
  host: number;
}
