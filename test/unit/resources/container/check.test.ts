import assert from "node:assert/strict";
import { container } from "../../../../provider/resources/container";
import { type ContainerInputs, type ContainerState, schema } from "../../../../provider/resources/container/inputs";
import { UNKNOWN } from "../../../../provider/unknown";
import { checked, connectionTo, failuresOf, stateOf } from "../../../helpers/inputs";

const news = {
  owner: "lab/dev/web1",
  connection: connectionTo("10.77.0.1"),
  name: "web1",
  image: "busybox:1.35",
  command: ["httpd", "-f"],
  networksAdvanced: [{ name: "ov_net1", aliases: ["web"] }, { name: "lan" }],
};
const check = (changed: object = {}) => checked(container, { ...news, ...changed });
const failures = (changed: object) => failuresOf(container, { ...news, ...changed });
const outputs = {
  containerId: "c1",
  imageId: "sha256:1",
  publishedPorts: [],
  apiVersion: "1.41",
  state: "running" as const,
  sandbox: { id: "s1", key: "k1" },
  endpoints: [],
  networkDatas: [],
};
const diff = (changed: object) => container.diff(stateOf(check(), outputs), check(changed));
const update = { changes: true, replaces: [] };

describe("a Container's check", () => {
  it("fills in defaults and names the host beside its connection", () => {
    const { host, envs, labels, restart, mustRun, networksAdvanced } = check();
    assert.deepEqual(
      { host, envs, labels, restart, mustRun, networksAdvanced },
      {
        host: "10.77.0.1",
        envs: [],
        labels: {},
        restart: "no",
        mustRun: true,
        networksAdvanced: [
          { name: "ov_net1", aliases: ["web"] },
          { name: "lan", aliases: [] },
        ],
      },
    );
  });

  it("sorts aliases and drops doubles, sorts environment and labels", () => {
    const { envs, labels, networksAdvanced } = check({
      envs: ["B=2", "A=1"],
      labels: { b: "2", a: "1" },
      networksAdvanced: [{ name: "lan", aliases: ["www", "web", "www"] }],
    });
    assert.deepEqual(envs, ["A=1", "B=2"]);
    assert.deepEqual(Object.keys(labels), ["a", "b"]);
    assert.deepEqual(networksAdvanced, [{ name: "lan", aliases: ["web", "www"] }]);
  });

  it("refuses a variable that is given twice, where it stands in the program, and shows no value", () => {
    const reason = (property: string) =>
      `Expected \`${property}\` to be a variable that is not in the list yet: \`B\` is \`envs[0]\``;
    assert.deepEqual(
      failures({ envs: ["B=1", "A=secret", UNKNOWN, "B=2", UNKNOWN, "B=1"] }),
      ["envs[3]", "envs[5]"].map((property) => ({ property, reason: reason(property) })),
    );
  });

  it("comes to the same when it is asked again with its own result", () => {
    const { host: _host, reachable: _reachable, ...inputs } = check();
    assert.deepEqual(checked(container, inputs), check());
  });

  it("reports everything at once, each at its property", () => {
    const found = failures({
      image: undefined,
      command: "httpd -f",
      envs: ["A=1", "PASSWORD"],
      restart: "sometimes",
      mustRun: "yes",
      networksAdvanced: [{ name: "lan", aliases: "web" }, { name: "lan", ipv4Address: "10.77.0.300" }, { alias: "x" }],
      ports: [80],
      rm: true,
      colour: "red",
      maxRetryCount: 3,
      memorySwap: 5,
      cpus: "1",
      cpuQuota: 1000,
      networkMode: "host",
    });
    const properties = Object.keys(schema.entries)
      .filter((name) => name !== "owner")
      .join(", ");
    assert.deepEqual(Object.fromEntries(found.map(({ property, reason }) => [property, reason])), {
      image: "Expected `image` to be given",
      command: 'Expected `command` to be a list such as ["httpd", "-f"], got `httpd -f`',
      "envs[1]": 'Expected `envs[1]` to be "NAME=value"',
      restart: 'Expected `restart` to be "no", "always", "on-failure" or "unless-stopped", got `sometimes`',
      mustRun: "Expected `mustRun` to be true or false, got `yes`",
      "networksAdvanced[0].aliases": 'Expected `networksAdvanced[0].aliases` to be a list such as ["web"], got `web`',
      "networksAdvanced[1].name":
        "Expected `networksAdvanced[1].name` to be a network that is not in the list yet, got `lan`",
      "networksAdvanced[1].ipv4Address":
        "Expected `networksAdvanced[1].ipv4Address` to be an IPv4 address, got `10.77.0.300`",
      "networksAdvanced[2].name": "Expected `networksAdvanced[2].name` to be given",
      "networksAdvanced[2].alias": "Unknown property `networksAdvanced[2].alias`",
      "ports[0]": "Expected `ports[0]` to be an object such as { internal, external }, got `80`",
      rm: "Expected `rm` to be left out: a container that removes itself when it ends would be taken for one that somebody removed; give `mustRun: false` for one that may end",
      colour: `Unknown property \`colour\` (there are: ${properties})`,
      maxRetryCount: 'Expected `maxRetryCount` to be left out where `restart` is not "on-failure", got `3`',
      memorySwap: "Expected `memorySwap` to be at least `memory`, which it includes, got `5`",
      cpus: "Expected `cpus` to be left out where `cpuPeriod` or `cpuQuota` is given, got `1`",
      networkMode: "Expected `networkMode` to be left out where `networksAdvanced` has networks to join, got `host`",
    });
  });

  it("lets pass what is not known yet, in every position", () => {
    for (const changed of [
      { networksAdvanced: UNKNOWN },
      { networksAdvanced: [UNKNOWN, UNKNOWN] },
      { networksAdvanced: [{ name: UNKNOWN }, { name: UNKNOWN }] },
      { networksAdvanced: [{ name: "lan", aliases: UNKNOWN, ipv4Address: UNKNOWN }] },
      { networksAdvanced: [{ name: "lan", aliases: [UNKNOWN] }] },
      { image: UNKNOWN, command: UNKNOWN, envs: UNKNOWN, labels: UNKNOWN, restart: UNKNOWN, mustRun: UNKNOWN },
      { command: [UNKNOWN], envs: [UNKNOWN], labels: { a: UNKNOWN } },
    ]) {
      check(changed);
    }
    assert.equal(check({ connection: UNKNOWN }).host, UNKNOWN);
  });

  it("sorts an environment of which a part is not known yet, as it does all of it later", () => {
    assert.deepEqual(check({ envs: ["Z=1", UNKNOWN] }).envs, [UNKNOWN, "Z=1"]);
  });
});

describe("a Container's diff", () => {
  it("is nothing when nothing changed", () => {
    assert.deepEqual(diff({}), { changes: false, replaces: [] });
    assert.deepEqual(diff({ owner: "lab/prod/a" }), { changes: false, replaces: [] });
    assert.deepEqual(diff({ timeouts: { create: "1m" } }), { changes: true, replaces: [] });
    assert.deepEqual(diff({ skipUnreachableHosts: true }), { changes: true, replaces: [] });
    assert.deepEqual(diff({ envs: [], labels: {}, restart: "no", mustRun: true }), { changes: false, replaces: [] });
  });

  it("is an update for an alias, a network that comes or goes, the restart policy and a credential", () => {
    assert.deepEqual(diff({ networksAdvanced: [{ name: "ov_net1", aliases: ["www"] }, { name: "lan" }] }), update);
    assert.deepEqual(diff({ networksAdvanced: [{ name: "lan" }] }), update);
    assert.deepEqual(diff({ networksAdvanced: [] }), update);
    assert.deepEqual(diff({ restart: "always" }), update);
    assert.deepEqual(diff({ mustRun: false }), update);
    assert.deepEqual(diff({ connection: connectionTo("10.77.0.1", { privateKey: "another" }) }), update);
  });

  it("is a replacement for what a container is made from", () => {
    for (const [property, value] of Object.entries({
      image: "busybox:1.36",
      command: ["sleep", "1d"],
      envs: ["A=1"],
      labels: { a: "b" },
      name: "web2",
    })) {
      assert.deepEqual(diff({ [property]: value }), { changes: true, replaces: [property] });
    }
    assert.deepEqual(diff({ command: undefined }), { changes: true, replaces: ["command"] });
    assert.deepEqual(diff({ connection: connectionTo("10.77.0.2") }), { changes: true, replaces: ["host"] });
  });

  it("is a replacement for a MAC address, which engines take for sure only while they make a container", () => {
    const withMac = (macAddress?: string) => check({ networksAdvanced: [{ name: "lan", macAddress }] });
    const there = (apiVersion: string, macAddress?: string) =>
      stateOf<ContainerInputs, ContainerState>(withMac(macAddress), { ...outputs, apiVersion });
    const replaced = { changes: true, replaces: ["networksAdvanced"] };
    assert.deepEqual(container.diff(there("1.41"), withMac("02:00:00:00:00:07")), replaced);
    assert.deepEqual(container.diff(there("1.41", "02:00:00:00:00:06"), withMac("02:00:00:00:00:07")), replaced);
    assert.deepEqual(container.diff(there("1.44", "02:00:00:00:00:06"), withMac("02:00:00:00:00:07")), replaced);
    assert.deepEqual(container.diff(there("1.44"), withMac("02:00:00:00:00:07")), replaced);
    assert.deepEqual(container.diff(there("1.44", "02:00:00:00:00:06"), withMac()), update);
    // Where it has to join again, an engine that knows one for each endpoint would give it another.
    const other = check({ networksAdvanced: [{ name: "lan", macAddress: "02:00:00:00:00:07", aliases: ["www"] }] });
    assert.deepEqual(container.diff(there("1.44", "02:00:00:00:00:07"), other), replaced);
    assert.deepEqual(container.diff(there("1.41", "02:00:00:00:00:07"), other), update);
    const same = there("1.41", "02:00:00:00:00:07");
    assert.deepEqual(container.diff(same, withMac("02-00-00-00-00-07")), { changes: false, replaces: [] });
  });

  it("is a replacement when its networks are unknown as a whole, and an update when something in them is", () => {
    assert.deepEqual(diff({ networksAdvanced: UNKNOWN }), { changes: true, replaces: ["networksAdvanced"] });
    assert.deepEqual(diff({ connection: UNKNOWN }).replaces, ["connection"]);
    assert.deepEqual(diff({ networksAdvanced: [UNKNOWN, { name: "lan" }] }), update);
    assert.deepEqual(diff({ networksAdvanced: [{ name: UNKNOWN, aliases: ["web"] }, { name: "lan" }] }), update);
  });

  it("is no replacement for an environment variable that may turn out to be the same", () => {
    const there = stateOf<ContainerInputs, ContainerState>(check({ envs: ["A=1", "Z=1"] }), outputs);
    assert.deepEqual(container.diff(there, check({ envs: ["Z=1", UNKNOWN] })), update);
  });
});
