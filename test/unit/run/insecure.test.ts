import assert from "node:assert/strict";
import { InsecureHosts } from "../../../provider/run/insecure";
import { UNKNOWN } from "../../../provider/unknown";

describe("hosts whose key is not checked", () => {
  const warnings = (...connections: unknown[]) => {
    const said: string[] = [];
    const hosts = new InsecureHosts((line) => said.push(line));
    for (const connection of connections) hosts.look(connection);
    return said;
  };
  const warning = (host: string) =>
    `warning: ${host}: its host key is not checked (hostKeyPolicy "insecure"): whoever is in between can read and change everything, passwords too`;
  const insecure = { host: "a", hostKeyPolicy: "insecure" };

  it("are named once each", () => {
    assert.deepEqual(warnings(insecure, insecure, { ...insecure, port: 2222 }), [warning("a"), warning("a:2222")]);
  });

  it("are named where they are a proxy", () => {
    assert.deepEqual(warnings({ host: "b", proxy: insecure }), [warning("a")]);
  });

  it("are none where the policy is another, the key is given, or nothing is known yet", () => {
    const key = { ...insecure, hostKey: "ssh-ed25519 AAAA" };
    assert.deepEqual(warnings({ host: "a" }, { host: "a", hostKeyPolicy: "acceptNew" }, key, UNKNOWN, undefined), []);
  });
});
