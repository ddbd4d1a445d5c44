import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { isEmpty, settingsOfFlags } from "../../provider/engine/clusterSettings";
import { configFileOf } from "../../provider/engine/dockerService";
import { dropInText, readDropIn } from "../../provider/engine/dropIn";
import { environmentOf, expand } from "../../provider/engine/environment";
import { readSettings, withoutSettings, withSettings } from "../../provider/engine/settingsFile";
import { execStartOf, parseSystemctlCat } from "../../provider/engine/unitFile";
import { CrosshostError } from "../../provider/errors";
import { parseStoreUrl } from "../../provider/kv/url";
import type { CommonInputs, Lifecycle } from "../../provider/lifecycle";
import { parseCidr } from "../../provider/net/ip";
import { clusterMember } from "../../provider/resources/clusterMember";
import { schema as clusterMemberSchema } from "../../provider/resources/clusterMember/inputs";
import { container } from "../../provider/resources/container";
import { schema as containerSchema } from "../../provider/resources/container/inputs";
import { kvStore } from "../../provider/resources/kvStore";
import { schema as kvStoreSchema } from "../../provider/resources/kvStore/inputs";
import { ipvlanNetwork, macvlanNetwork } from "../../provider/resources/macvlanNetwork";
import { ipvlan, macvlan } from "../../provider/resources/macvlanNetwork/driver";
import { schemaOf as lanSchemaOf } from "../../provider/resources/macvlanNetwork/inputs";
import { overlayNetwork } from "../../provider/resources/overlayNetwork";
import { schema as overlayNetworkSchema } from "../../provider/resources/overlayNetwork/inputs";
import { parsePrivateKey } from "../../provider/ssh/privateKey";
import { quoteAll } from "../../provider/ssh/quote";
import { parseDirectives } from "../../provider/ssh/sshConfig/directives";
import { expandHostName, settingsFor } from "../../provider/ssh/sshConfig/hostSettings";
import { parseJumps } from "../../provider/ssh/sshConfig/jumps";
import { SshConfigError } from "../../provider/ssh/sshConfig/sshConfigError";
import { parseHostKey } from "../../provider/ssh/trust/hostKey";
import { isAbout, parseKnownHosts } from "../../provider/ssh/trust/knownHosts";
import { fakeRun } from "../helpers/fakeRun";
import { Fuzz } from "../helpers/fuzz";
import { connectionTo } from "../helpers/inputs";
import { newKey } from "../helpers/keys";
import { type Path, type Schema, setAt, stringsIn, stringsOf } from "../helpers/paths";

const TIMES = 100_000;
const RAN = "/tmp/fuzzed";

describe("a hundred thousand hostile inputs", function () {
  this.timeout(120_000);
  const fuzz = new Fuzz();
  const key = newKey();

  before(() => rmSync(RAN, { force: true }));
  after(() => assert.equal(existsSync(RAN), false, "a command was run"));

  it("as known_hosts are read without harm", () => {
    const words = [
      ...[
        "host1",
        "10.77.0.1",
        "[host1]:2222",
        "host*",
        "!host1",
        "|1|c2FsdA==|aGFzaA==",
        "@revoked",
        "@cert-authority",
      ],
      ...[
        key.public.trim(),
        "ssh-ed25519",
        "ssh-rsa",
        "AAAAC3NzaC1lZDI1NTE5AAAAI",
        "# comment",
        ",",
        " ",
        "\n",
        "*".repeat(40),
      ],
    ];
    let found = 0;
    fuzz.try(
      TIMES,
      () => fuzz.document(words),
      (text) => {
        for (const line of parseKnownHosts(text)) {
          found++;
          isAbout(line, "[host1]:2222");
          isAbout(line, "a".repeat(100));
          assert.ok(line.key.raw.length > 0 && line.line >= 1);
        }
        parseHostKey(text);
      },
    );
    // A fuzzer that only makes what is refused tests nothing.
    assert.ok(found > TIMES / 100, `${found} lines were read`);
  });

  it("as ssh_config are read without harm, or refused with the line", () => {
    const words = [
      ...["Host", "Match", "HostName", "Port", "User", "IdentityFile", "ProxyJump", "ProxyCommand", "IdentitiesOnly"],
      ...[
        "all",
        "exec",
        "host",
        "user",
        "originalhost",
        "final",
        "canonical",
        "web1",
        "web*",
        "!web1",
        "%h",
        "22",
        "yes",
      ],
      ...[
        "=",
        '"',
        "'",
        "\\",
        "#",
        "\n",
        "\n",
        "\n",
        " ",
        "a,b@c:24",
        "ssh://u@c:24",
        `"touch ${RAN}"`,
        "*".repeat(40),
      ],
    ];
    const localUser = { name: "me", home: "/nowhere", systemConfig: "/nowhere" };
    let applied = 0;
    fuzz.try(
      TIMES,
      () => fuzz.document(words),
      (text) => {
        try {
          const lines = parseDirectives(text, "config").filter(({ keyword }) => keyword !== "include");
          const settings = settingsFor({ host: "web1" }, [{ name: "config", lines }], localUser);
          assert.ok(expandHostName(settings, "web1").length > 0);
          if (settings.proxy?.kind === "jump") parseJumps(settings.proxy.value, settings.proxy.from);
          if (Object.keys(settings).length > 1) applied++;
        } catch (error) {
          if (!(error instanceof SshConfigError) || !/^config:\d+: /.test(error.message)) throw error;
        }
      },
    );
    assert.ok(applied > TIMES / 100, `${applied} files said something`);
  });

  it("as unit files are read without harm, and a drop-in repeats what was read", () => {
    const words = [
      ...[
        "# /lib/systemd/system/docker.service\n",
        "# /etc/systemd/system/docker.service.d/x.conf\n",
        "[Service]\n",
        "[Unit]\n",
      ],
      ...[
        "ExecStart=",
        "ExecStart=/usr/bin/dockerd -H fd://",
        "--config-file",
        "/etc/x.json",
        "--cluster-store=",
        "\\\n",
        "\n",
      ],
      ...["\n", "# comment\n", "; comment\n", "=", " ", "'", '"', "consul://10.77.0.1:8500", "%%", "$$"],
    ];
    const settings = {
      clusterStore: "consul://10.77.0.1:8500/a%b$c",
      clusterAdvertise: "eth0:2376",
      clusterStoreOpts: { "kv.path": "a%b$c" },
    };
    const beginning = "# /lib/systemd/system/docker.service\n[Service]\nExecStart=/usr/bin/dockerd ";
    let read = 0;
    fuzz.try(
      TIMES,
      () => fuzz.pick(["", beginning]) + fuzz.document(words),
      (text) => {
        let execStart: string;
        try {
          execStart = execStartOf(parseSystemctlCat(text));
        } catch (error) {
          if (error instanceof CrosshostError) return;
          throw error;
        }
        read++;
        configFileOf(execStart);
        expand(execStart, environmentOf(parseSystemctlCat(text), [text]));
        const dropIn = dropInText({ owner: "project/stack/host1", execStart, settings, folderIsOurs: true });
        const again = execStartOf([{ path: "zz-crosshost.conf", text: dropIn }]);
        assert.ok(again.startsWith(execStart) && again.length > execStart.length);
        assert.equal(dropIn.split("\n").length, 6);
        const { owner, folderIsOurs } = readDropIn(dropIn)!;
        assert.deepEqual([owner, folderIsOurs], ["project/stack/host1", true]);
        // A flag that somebody left without its value takes what follows.
        const isWhole = !/--?cluster-\S*["'\s]*$/.test(execStart);
        if (isWhole && isEmpty(settingsOfFlags(execStart))) assert.deepEqual(settingsOfFlags(again), settings);
      },
    );
    assert.ok(read > TIMES / 100, `${read} units were read`);
  });

  it("as settings files keep every byte that is not ours, or are refused", () => {
    const words = [
      ...["{", "}", "[", "]", ",", ":", '"a"', '"cluster-store"', '"cluster-store-opts"', "1", "true", "null"],
      ...[" ", "\n", "\t", "\r\n", "{}", '"b": {"c": [1,  2]}', '"cluster-advertise": "x"', "// x\n"],
    ];
    const settings = { clusterStore: "consul://a:1", clusterAdvertise: "eth0:1", clusterStoreOpts: { "kv.path": "x" } };
    const member = () => fuzz.pick(['"a": 1', '"b" :{"c": [1,  2]}', '"d":"}{"', '"e": [ ]']);
    const object = () => {
      const space = fuzz.pick(["", " ", "\n  ", "\n\t", "\r\n    "]);
      const members = Array.from({ length: fuzz.number(4) }, () => space + member());
      return `{${members.join(fuzz.pick([",", " ,"]))}${fuzz.pick(["", " ", "\n"])}}${fuzz.pick(["", "\n"])}`;
    };
    let read = 0;
    fuzz.try(
      TIMES,
      () => (fuzz.number(2) ? object() : fuzz.document(words)),
      (text) => {
        const found = readSettings(text);
        if ("malformed" in found) return;
        read++;
        const merged = withSettings(text, settings);
        assert.deepEqual(readSettings(merged), settings);
        const rest = withoutSettings(merged);
        if (text.trim() !== "") assert.deepEqual(JSON.parse(rest), JSON.parse(withoutSettings(text)));
        if (isEmpty(found) && !/^\s*(\{\s*\}|$)/.test(text)) assert.equal(rest, text);
      },
    );
    assert.ok(read > TIMES / 100, `${read} files were read`);
  });

  it("as addresses of stores, networks and keys are read or refused", () => {
    const words = [
      "consul",
      "etcd",
      "constructor",
      "consul://10.77.0.1:8500",
      "://",
      "10.77.0.1",
      ":8500",
      "/",
      ",",
      "prefix",
      "10.200.0.0",
      "/24",
      "-----BEGIN PRIVATE KEY-----",
    ];
    fuzz.try(
      TIMES,
      () => fuzz.document(words),
      (text) => {
        const url = parseStoreUrl(text);
        if (url) assert.ok(["consul", "etcd", "zookeeper"].includes(url.kind));
        parseCidr(text);
      },
    );
    const lines = [
      ...key.private.split("\n"),
      "-----BEGIN ENCRYPTED PRIVATE KEY-----",
      "-----BEGIN RSA PRIVATE KEY-----",
    ];
    fuzz.try(
      2_000,
      () => fuzz.document(lines),
      (text) => {
        const parsed = parsePrivateKey(text, fuzz.number(2) ? "x" : undefined);
        if ("problem" in parsed) assert.ok(parsed.problem.length < 100, parsed.problem);
      },
    );
  });

  it("in every property of every resource are taken literally or refused by its name", () => {
    for (const { paths } of resources) assert.ok(paths.length > 30, `${paths.length} paths`);
    let taken = 0;
    fuzz.try(
      TIMES,
      () => fuzz.text(),
      (text) => {
        const { lifecycle, news, paths } = fuzz.pick(resources);
        const given = structuredClone(news);
        setAt(given, fuzz.pick(paths), text);
        // A run remembers what it has met, and has never met a hundred thousand resources.
        const { inputs, failures } = lifecycle.check({}, given, fakeRun({}).run);
        if (failures.length > 0) {
          for (const { property } of failures) assert.notEqual(property, undefined);
          return;
        }
        taken++;
        lifecycle.diff(inputs as never, inputs as never);
        assert.ok(lifecycle.idOf(inputs as never).length > 0);
        assertHarmless(inputs as unknown as Record<string, unknown>);
      },
    );
    assert.ok(taken > TIMES / 100, `${taken} were taken`);
  });

  it("are one word each for a shell", () => {
    for (let round = 0; round < 100; round++) {
      const words = Array.from({ length: 1_000 }, () => fuzz.text(4).replaceAll("\0", "")).filter(
        (word) => word.length < 100,
      );
      const { stdout } = spawnSync("sh", ["-c", quoteAll(["printf", "%s\\0", ...words])], {
        encoding: "utf8",
        maxBuffer: 1e8,
      });
      assert.deepEqual(stdout.split("\0").slice(0, -1), words, `SEED=${fuzz.seed}, round ${round}`);
    }
  });
});

const connection = connectionTo("10.77.0.1", {
  port: 22,
  password: "x",
  agentSocketPath: "/a",
  privateKeyPassword: "x",
});
const ipam = { subnet: "10.200.0.0/24", gateway: "10.200.0.1" };

interface Resource {
  lifecycle: Lifecycle<CommonInputs, CommonInputs>;
  news: Record<string, unknown>;
  /** Of all strings that the resource takes, and of the keys of its objects. */
  paths: Path[];
}

function resource<Inputs extends CommonInputs, State extends Inputs>(
  lifecycle: Lifecycle<Inputs, State>,
  schema: Schema,
  given: object,
): Resource {
  const news = { owner: "project/stack/name", timeouts: { create: "5m" }, ...given };
  return { lifecycle: lifecycle as never, news, paths: [...stringsIn(news), ...stringsOf(schema)] };
}

const resources: Resource[] = [
  resource(clusterMember, clusterMemberSchema, {
    ...{ connection, clusterStore: "consul://10.77.0.1:8500", clusterAdvertise: "eth0:2376" },
    clusterStoreOpts: { "kv.path": "nodes", "discovery.heartbeat": "20", "kv.keyfile": "/key" },
  }),
  resource(kvStore, kvStoreSchema, {
    ...{ name: "consul", kind: "consul", image: "consul:1", connections: [connection] },
    servers: [{ bindInterface: "eth0", address: "10.77.0.1" }],
  }),
  resource(overlayNetwork, overlayNetworkSchema, {
    ...{ name: "ov_net1", connections: [connection], ipamConfigs: [ipam], options: { a: "b" }, labels: { a: "b" } },
  }),
  resource(macvlanNetwork, lanSchemaOf(macvlan), {
    ...{ name: "lan", connections: [connection], hosts: [{ parent: "eth0" }], labels: { a: "b" } },
    ipamConfigs: [{ subnet: "10.99.0.0/24", gateway: "10.99.0.1", ipRange: "10.99.0.64/26" }],
  }),
  resource(ipvlanNetwork, lanSchemaOf(ipvlan), {
    ...{ name: "lan", connections: [connection], hosts: [{ parent: "eth0", ipRange: "10.99.0.64/28" }], mode: "l2" },
    ipamConfigs: [{ subnet: "10.99.0.0/24", auxAddress: { printer: "10.99.0.70" } }, { subnet: "fd00:99::/64" }],
    options: { ipvlan_flag: "private" },
  }),
  resource(container, containerSchema, {
    ...{
      connection,
      name: "web1",
      image: "busybox",
      command: ["httpd"],
      envs: ["A=b"],
      labels: { a: "b" },
      restart: "no",
    },
    networksAdvanced: [{ name: "ov_net1", aliases: ["web"], ipv4Address: "10.200.0.9" }],
  }),
];

/** What goes into a unit file stays one word of one line; what names things in messages and paths stays on one line. */
function assertHarmless(inputs: Record<string, unknown>): void {
  const { clusterStore, clusterAdvertise, owner, host, name } = inputs;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  for (const line of [owner, host, name]) if (line !== undefined) assert.doesNotMatch(String(line), /[\0-\x1f\x7f]/);
  if (typeof clusterStore !== "string" || typeof clusterAdvertise !== "string") return;
  const clusterStoreOpts = inputs.clusterStoreOpts as Record<string, string>;
  const settings = { clusterStore, clusterAdvertise, clusterStoreOpts };
  const text = dropInText({ owner: String(owner), execStart: "/usr/bin/dockerd", settings, folderIsOurs: false });
  assert.equal(text.split("\n").length, 5);
  const execStart = execStartOf([{ path: "x", text }]);
  assert.equal(execStart.split(/\s+/).length, 3 + Object.keys(clusterStoreOpts).length);
  assert.deepEqual(settingsOfFlags(execStart), settings);
}
