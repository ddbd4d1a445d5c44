import assert from "node:assert/strict";
import { Lab } from "../../../lab";
import { run } from "../../../lab/run";
import { dockerProviderArgs } from "../../../sdk";
import { newKey } from "../../helpers/keys";
import { look, mockEngine } from "../../unit/sdk/mocks";

/** As that package's provider does: the ssh command with these options, and Docker's own words over it. */
describe("dockerProviderArgs, with the ssh command", function () {
  this.timeout("2m");
  let lab: Lab;

  before(async () => {
    mockEngine();
    lab = await Lab.start({ name: "docker-provider", hosts: 1 });
  });
  after(() => lab?.stop());

  const ask = async (hostKey: string) => {
    const connection = { host: lab.host(1).address, user: "root", hostKey };
    const { host, sshOpts } = dockerProviderArgs(connection, { identityFile: lab.privateKeyPath });
    const destination = new URL((await look(host)).value);
    const words = [...(await look(sshOpts)).value, "-l", destination.username, destination.hostname];
    return run("ssh", [...words, "--", "docker", "version", "--format", "{{.Server.APIVersion}}"]);
  };

  it("reaches the engine of a host that shows the given key", async () => {
    assert.equal((await ask(lab.host(1).hostKey)).trim(), "1.41");
  });

  it("refuses a host that shows another", async () => {
    const other = newKey().public.split(" ").slice(0, 2).join(" ");
    await assert.rejects(ask(other), /Host key verification failed/);
  });
});
