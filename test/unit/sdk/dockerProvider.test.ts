import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { dockerProviderArgs } from "../../../sdk";
import { look, mockEngine } from "./mocks";

describe("dockerProviderArgs", () => {
  beforeEach(() => mockEngine());

  const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE";
  const options = async (...given: Parameters<typeof dockerProviderArgs>) =>
    (await look(dockerProviderArgs(...given).sshOpts)).value;

  it("names user, host and port, and marks nothing secret of a connection that is", async () => {
    const args = dockerProviderArgs(pulumi.secret({ host: "10.77.0.1", port: 2222, user: "deploy" }));
    assert.deepEqual(await look(args.host), { value: "ssh://deploy@10.77.0.1:2222", isSecret: false, isKnown: true });
    assert.equal((await look(args.sshOpts)).isSecret, false);
    assert.equal((await look(dockerProviderArgs({ host: "fd00::1" }).host)).value, "ssh://root@[fd00::1]");
  });

  it("checks the host's key against the given one alone, or else strictly against known_hosts", async () => {
    assert.deepEqual(await options({ host: "h", hostKey, privateKey: "secret" }, { identityFile: "/k" }), [
      ...["-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-i", "/k"],
      ...["-o", "StrictHostKeyChecking=yes", "-o", "UserKnownHostsFile=/dev/null"],
      ...["-o", "GlobalKnownHostsFile=/dev/null", "-o", `KnownHostsCommand=/bin/echo %H ${hostKey}`],
    ]);
    assert.deepEqual(await options({ host: "h" }), ["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"]);
    const accepting = await options({ host: "h", hostKeyPolicy: "acceptNew", agentSocketPath: "/agent" });
    assert.deepEqual(accepting.slice(2), ["-o", "IdentityAgent=/agent", "-o", "StrictHostKeyChecking=accept-new"]);
  });

  it("goes through jump hosts in order", async () => {
    const proxy = { host: "inner", user: "me", proxy: { host: "outer", port: 2222 } };
    const given = await options({ host: "h", proxy });
    assert.deepEqual(given.slice(2, 4), ["-J", "outer:2222,me@inner"]);
  });

  it("refuses what it would weaken or cannot hand on, without showing a secret", async () => {
    for (const [connection, message] of [
      [{ host: "h", hostKeyPolicy: "insecure" }, /"insecure"` is not handed on: give `hostKey`/],
      [{ host: "h", privateKey: "s3cret" }, /cannot be handed the connection's `privateKey`: give `identityFile`/],
      [{ host: "h", password: "s3cret" }, /cannot be handed the connection's `password`/],
      [{ host: "h", dockerSocketPath: "/run/d.sock" }, /cannot be told of the socket \/run\/d\.sock/],
      [{ host: "h", hostKey: "ssh-ed25519 A; touch /tmp/x" }, /`hostKey` is no public key/],
    ] as [Parameters<typeof dockerProviderArgs>[0], RegExp][]) {
      await assert.rejects(options(connection), (error: Error) => {
        assert.match(error.message, message);
        assert.ok(!error.message.includes("s3cret"));
        return true;
      });
    }
  });
});
