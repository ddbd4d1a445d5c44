import assert from "node:assert/strict";
import { Lab } from "../../../lab";
import { type HostSnapshot, snapshot } from "../../../lab/snapshot";
import type { HalfDone } from "../../../provider/halfDone";
import type { ContainerState } from "../../../provider/resources/container/inputs";
import { ipvlanNetwork, macvlanNetwork } from "../../../provider/resources/macvlanNetwork";
import type { MacvlanNetworkState } from "../../../provider/resources/macvlanNetwork/inputs";
import { changes, config, shownByDefault } from "./changes";
import { LanProgram } from "./program";

const SHIM = "shim-094a367b";
const UNIT = `crosshost-${SHIM}.service`;

describe("a LAN over three hosts", function () {
  this.timeout("3m");

  let lab: Lab;
  let program: LanProgram;
  let original: HostSnapshot[];
  let net: string;

  before(async () => {
    lab = await Lab.start({ hosts: 3, name: "integration-macvlan" });
    original = await Promise.all(lab.hosts.map(snapshot));
    program = new LanProgram(lab);
    ({ net } = program);
  });
  after(async () => {
    await program?.close();
    if (!process.env.KEEP_LAB) await lab?.stop();
  });

  const on = async (number: number, ...command: string[]) => {
    const { stdout, stderr, exitCode } = await lab.host(number).ssh(command);
    assert.equal(exitCode, 0, `${command.join(" ")}: ${stderr}`);
    return stdout;
  };
  const networkOn = async (number: number) => JSON.parse(await on(number, "docker", "network", "inspect", "lan"))[0];
  const destroy = (lan: MacvlanNetworkState) => macvlanNetwork.delete(lan, program.task());
  const read = (lan: MacvlanNetworkState) => macvlanNetwork.read(lan, program.task());
  const asBefore = async () => assert.deepEqual(await Promise.all(lab.hosts.map(snapshot)), original);
  const address = (number: number) => lab.host(number).address;

  /** Which of these addresses do not answer to pings from a host, or from a container there. */
  async function silent(from: { number: number; container?: string }, addresses: readonly string[]) {
    const script =
      'for a; do ping -c 1 -W 2 "$a" >/dev/null 2>&1 || ping -c 3 -W 2 "$a" >/dev/null 2>&1 || echo "$a"; done';
    const inside = from.container ? ["docker", "exec", from.container] : [];
    return (await on(from.number, ...inside, "sh", "-c", script, "sh", ...addresses)).split("\n").filter(Boolean);
  }

  describe("with the hosts' own ways to their containers", () => {
    const arguments_ = { hostAccess: true };
    let lan: MacvlanNetworkState;
    let containers: ContainerState[] = [];
    const addresses = () => containers.map(({ endpoints }) => endpoints[0]!.address);

    it("comes up on all of them, each with a block of its own", async () => {
      const wide = { ...program.lan([1, 2, 3], arguments_) };
      wide.ipamConfigs = [{ subnet: `${net}.0/24`, gateway: `${net}.254`, ipRange: `${net}.128/25` }];
      lan = await program.up(wide);
      for (const [number, first] of [
        [1, 128],
        [2, 144],
        [3, 160],
      ] as const) {
        const { Driver, Options, IPAM } = await networkOn(number);
        assert.deepEqual([Driver, Options], ["macvlan", { parent: "eth0" }]);
        assert.deepEqual(IPAM.Config, [
          {
            Subnet: `${net}.0/24`,
            IPRange: `${net}.${first}/28`,
            Gateway: `${net}.254`,
            AuxiliaryAddresses: { "crosshost-shim": `${net}.${first + 15}` },
          },
        ]);
      }
    });

    it("changes nothing when it is made again, and has not drifted", async () => {
      program.said.length = 0;
      const again = program.lan([1, 2, 3], { ...arguments_, ipamConfigs: lan.ipamConfigs });
      assert.deepEqual(macvlanNetwork.diff(lan, program.check(again, lan)), { changes: false, replaces: [] });
      assert.deepEqual(await program.up(again, lan), lan);
      assert.deepEqual(program.said, []);
      assert.deepEqual(await read(lan), lan);
    });

    it("gives no two of thirty containers one address, all reach all, and each host reaches its own", async () => {
      const all = [1, 2, 3].flatMap((number) =>
        Array.from({ length: 10 }, (_, i) => ({ number, name: `c${number}${i}` })),
      );
      containers = await Promise.all(all.map(({ number, name }) => program.container(number, name)));
      assert.equal(new Set(addresses()).size, 30);
      const sources = all.map(({ number, name }) => ({ number, container: name }));
      const hosts = [1, 2, 3].map((number) => ({ number }));
      const unheard = await Promise.all([...hosts, ...sources].map((from) => silent(from, addresses())));
      assert.deepEqual(unheard.flat(), []);
    });

    it("is as it was after a reboot of a host, shim and all, and says so when the shim is lost", async () => {
      await lab.host(2).reboot("powerLoss");
      assert.deepEqual(await read(lan), lan);
      await on(2, "docker", "start", "c20");
      const now = await on(2, "docker", "inspect", "-f", "{{.NetworkSettings.Networks.lan.IPAddress}}", "c20");
      assert.deepEqual(await silent({ number: 2 }, [now.trim()]), []);
      await on(2, "ip", "link", "delete", SHIM);
      const found = await read(lan);
      assert.equal(found?.plan[address(2)]?.drift, "the host's own way to its containers is gone");
      const inputs = program.check(program.lan([1, 2, 3], { ...arguments_, ipamConfigs: lan.ipamConfigs }), found);
      assert.deepEqual(macvlanNetwork.diff(found!, inputs), { changes: true, replaces: [] });
      lan = await macvlanNetwork.update(found!, inputs, program.task());
      assert.deepEqual(await read(lan), lan);
    });

    it("leaves nothing behind", async () => {
      await Promise.all(containers.map((state) => program.remove(state)));
      await destroy(lan);
      await asBefore();
      for (const number of [1, 2, 3]) assert.doesNotMatch(await on(number, "ip", "link"), /shim/);
      for (const number of [1, 2, 3]) assert.doesNotMatch(await on(number, "systemctl", "list-units", "--all"), /shim/);
    });
  });

  describe("whose hosts come and go", () => {
    let lan: MacvlanNetworkState;

    it("goes from three to two and back to three, with a container on each, and the others keep what they have", async () => {
      lan = await program.up(program.lan([1, 2, 3]));
      const containers = await Promise.all([1, 2, 3].map((number) => program.container(number, `web${number}`)));
      const [first, , third] = containers.map(({ endpoints }) => endpoints[0]!.address);
      const two = await program.up(program.lan([1, 3]), lan);
      assert.deepEqual(Object.keys(two.plan), [address(1), address(3)]);
      assert.match(await on(2, "docker", "network", "ls"), /^(?!.*\blan\b)/s);
      assert.equal(await on(2, "docker", "ps", "-q", "-f", "name=web2").then((text) => text.trim().length), 12);
      assert.deepEqual(await silent({ number: 1, container: "web1" }, [third!]), []);
      const three = await program.up(program.lan([1, 2, 3]), two);
      assert.deepEqual(three.plan, lan.plan);
      for (const number of [1, 3]) assert.equal(three.networkIds[address(number)], lan.networkIds[address(number)]);
      await program.container(2, "web2");
      assert.deepEqual(await silent({ number: 2, container: "web2" }, [first!, third!]), []);
      lan = three;
    });

    it("does not leave a host on which other people's containers are on it, and names them", async () => {
      await on(2, "docker", "run", "-d", "--name", "theirs", "--network", "lan", "busybox:1.35", "sleep", "1000");
      await assert.rejects(program.up(program.lan([1, 3]), lan), {
        message: `host ${address(2)}: the network "lan" cannot be removed: still on it: theirs (host ${address(2)})`,
      });
      await on(2, "docker", "rm", "-f", "theirs");
    });

    it("says per host what was changed by hand, and puts it right", async () => {
      await on(2, "docker", "rm", "-f", "web2");
      await on(2, "docker", "network", "rm", "lan");
      const found = await read(lan);
      assert.equal(found?.plan[address(2)]?.drift, "the network is gone");
      const mended = await program.up(program.lan([1, 2, 3]), found);
      assert.deepEqual(mended.plan, lan.plan);
      lan = mended;
    });

    it("is made anew where another network has its labels, with its container on it again", async () => {
      const anew = async (parent: string, range: string) => {
        const labels = Object.entries((await networkOn(2)).Labels).flatMap(([key, value]) => [
          "--label",
          `${key}=${value}`,
        ]);
        await on(2, "docker", "network", "rm", "lan");
        const pool = ["--subnet", `${net}.0/24`, "--gateway", `${net}.254`, "--ip-range", range];
        const driver = ["-d", "macvlan", "-o", `parent=${parent}`];
        await on(2, "docker", "network", "create", ...driver, ...pool, ...labels, "lan");
      };
      const addLink = "ip link add lan9 type veth peer name lan9p && ip link set lan9 up && ip link set lan9p up";
      await on(2, "sh", "-c", addLink);
      for (const [parent, range, drift] of [
        ["eth0", `${net}.96/28`, `its range is ${net}.96/28`],
        ["lan9", `${net}.72/29`, "its parent is lan9"],
      ] as const) {
        await anew(parent, range);
        const web = await program.container(2, "web2", { verifyConnectivity: "off" });
        const found = (await read(lan))!;
        assert.equal(found.plan[address(2)]?.drift, drift);
        const mended = await program.up(program.lan([1, 2, 3]), found);
        assert.match(
          program.said.at(-1)!,
          new RegExp(`: making the network "lan" anew, since ${drift}, and connecting web2 again$`),
        );
        assert.deepEqual([mended.plan, await read(mended)], [lan.plan, mended]);
        const [endpoint] = (await program.read(web)).endpoints;
        assert.equal(endpoint?.address, `${net}.72`);
        assert.match(await on(2, "docker", "exec", "web2", "ip", "-4", "-o", "addr"), new RegExp(` ${net}\\.72/24 `));
        assert.deepEqual(await silent({ number: 1 }, [`${net}.72`]), []);
        await on(2, "docker", "rm", "-f", "web2");
        lan = mended;
      }
      await on(2, "ip", "link", "delete", "lan9");
    });

    it("is taken down without the host that is dead, where that is asked for", async () => {
      await lab.host(3).powerOff();
      await program.forget();
      await assert.rejects(macvlanNetwork.delete(lan, program.task(3)), { code: "timed-out" });
      // Without it the others are not touched either when it is to be left, and with it they are.
      const without = (changed: object) => program.check(program.lan([1, 2], changed), lan);
      await assert.rejects(macvlanNetwork.update(lan, without({}), program.task(3)), { code: "timed-out" });
      const two = await macvlanNetwork.update(lan, without({ skipUnreachableHosts: true }), program.task(3));
      assert.deepEqual(Object.keys(two.plan), [address(1), address(2)]);
      await macvlanNetwork.delete({ ...lan, skipUnreachableHosts: true }, program.task(3));
      assert.match(program.said.at(-1)!, /^\S+: skipped, not reached \(.*\): the network "lan" stays there$/);
      await lab.host(3).powerOn();
      await program.forget();
      await destroy(lan);
      for (const number of [1, 2, 3]) await on(number, "sh", "-c", "docker ps -aq | xargs -r docker rm -f");
      await asBefore();
    });
  });

  describe("of which one host cannot do its part", () => {
    it("is recorded with what the others have made, and the next run finishes it", async () => {
      const arguments_ = { hostAccess: true };
      const before = await program.up(program.lan([1], arguments_));
      // The host has another way to what is to be its block, so that its shim cannot come up.
      await on(2, "ip", "route", "add", "blackhole", `${net}.80/28`);
      const all = program.lan([1, 2, 3], arguments_);
      const wanted = program.check(all, before);
      const half = await macvlanNetwork.update(before, wanted, program.task()).then(
        () => assert.fail("it was made"),
        (error: HalfDone) => error,
      );
      assert.match(half.message, new RegExp(`^host ${address(2)}: systemctl restart ${UNIT}: exit code 1: `));
      const state = half.state as MacvlanNetworkState;
      assert.equal(state.plan[address(3)]?.drift, "it was not finished");
      const ids = await Promise.all([1, 2, 3].map(async (number) => (await networkOn(number)).Id));
      await on(2, "ip", "route", "del", "blackhole", `${net}.80/28`);
      // The engine keeps the inputs of the last run that went well for the next check.
      const again = program.check(all, before);
      assert.equal(macvlanNetwork.diff(state, again).changes, true);
      const lan = await macvlanNetwork.update(state, again, program.task());
      assert.deepEqual(Object.values(lan.networkIds), ids);
      assert.deepEqual([lan.plan, await read(lan)], [wanted.plan, lan]);
      await destroy(lan);
      await asBefore();
    });
  });

  describe("in all its forms", () => {
    it("has a mode, labels, IPv6, reserved addresses, and no default route where it is internal", async () => {
      const forms = {
        ...{ mode: "private", internal: true, labels: { team: "net" } },
        ipamConfigs: [
          { subnet: `${net}.0/24`, ipRange: `${net}.64/26`, auxAddress: { printer: `${net}.65` } },
          { subnet: "fd00:77::/64", gateway: "fd00:77::fe", auxAddress: { printer: "fd00:77::1" } },
        ],
      };
      const lan = await program.up(program.lan([1], forms));
      const { Options, Labels, Internal, EnableIPv6, IPAM } = await networkOn(1);
      assert.deepEqual([Options, Internal, EnableIPv6], [{ parent: "eth0", macvlan_mode: "private" }, true, true]);
      assert.equal(Labels.team, "net");
      assert.deepEqual(IPAM.Config, [
        { Subnet: `${net}.0/24`, IPRange: `${net}.80/28` },
        { Subnet: "fd00:77::/64", Gateway: "fd00:77::fe", IPRange: "fd00:77:0:0:4000::/66" },
      ]);
      assert.deepEqual(await program.up(program.lan([1], forms), lan), lan);
      const web = await program.container(1, "web");
      assert.match(web.networkDatas[0]!.globalIpv6Address, /^fd00:77:/);
      assert.doesNotMatch(await on(1, "docker", "exec", "web", "ip", "route"), /default/);
      await program.remove(web);
      const changed = program.check(program.lan([1], { ...forms, mode: "vepa" }), lan);
      assert.deepEqual(macvlanNetwork.diff(lan, changed), { changes: true, replaces: ["mode"] });
      await destroy(lan);
    });

    it("takes over a network that is what it would be", async () => {
      const create = "docker network create -d macvlan -o parent=eth0 --label a=b";
      await on(1, "sh", "-c", `${create} --subnet ${net}.0/24 --gateway ${net}.254 --ip-range ${net}.64/28 lan`);
      await assert.rejects(program.up(program.lan([1, 2])), {
        message: `host ${address(1)}: the network "lan" exists already and was not made by this program`,
      });
      assert.doesNotMatch(await on(2, "docker", "network", "ls"), /\blan\b/);
      const ipamConfigs = [{ subnet: `${net}.0/24`, ipRange: `${net}.64/27` }];
      await assert.rejects(program.up(program.lan([1], { adopt: true, ipamConfigs, mode: "vepa" })), {
        message: `host ${address(1)}: the network "lan" cannot be taken over, since it is another: \`ipamConfigs[0]\` is {"subnet":"${net}.0/24","ipRange":"${net}.64/28"} there and {"subnet":"${net}.0/24","ipRange":"${net}.64/29"} here; \`options["macvlan_mode"]\` is not given there and "vepa" here`,
      });
      const lan = await program.up(program.lan([1], { adopt: true }));
      assert.deepEqual(lan.adoptedIds, Object.values(lan.networkIds));
      assert.deepEqual(await read(lan), lan);
      await destroy(lan);
      await asBefore();
    });

    it("is refused where the host cannot have it, in words that say what to do", async () => {
      const refused = async (changed: object, lifecycle = macvlanNetwork) =>
        await program.up(program.lan([1], changed), undefined, lifecycle).then(
          () => assert.fail("it was made"),
          ({ message }: Error) => message.replace(`host ${address(1)}: `, ""),
        );
      await on(1, "ip", "link", "add", "br9", "type", "bridge");
      await on(1, "ip", "link", "add", "lan9", "type", "veth", "peer", "name", "lan9p");
      await on(1, "docker", "network", "create", "--subnet", "10.99.0.0/24", "other");
      assert.equal(await refused({ hosts: [{ parent: "eth7" }] }), "there is no interface eth7");
      assert.equal(await refused({ hosts: [{ parent: "lan9" }] }), "lan9 is down");
      await on(1, "ip", "link", "set", "lan9", "master", "br9", "up");
      assert.equal(
        await refused({ hosts: [{ parent: "lan9" }] }),
        "lan9 is a port of br9, which takes what arrives at it",
      );
      assert.equal(await refused({ hosts: [{ parent: "lo" }] }), "lo is the loopback interface, which is on no LAN");
      assert.equal(
        await refused({ ipamConfigs: [{ subnet: "10.98.0.0/24" }] }),
        `eth0 is on ${net}.0/24, and the subnet is 10.98.0.0/24`,
      );
      assert.equal(
        await refused({ ipamConfigs: [{ subnet: "10.99.0.0/16" }], otherSubnet: true }),
        'the network "other" has 10.99.0.0/24, which overlaps 10.99.0.0/16',
      );
      await on(
        1,
        "docker",
        "network",
        "create",
        "-d",
        "macvlan",
        "-o",
        "parent=eth0",
        "--subnet",
        "10.97.0.0/24",
        "old",
      );
      assert.match(
        await refused({}),
        /^the macvlan network "old" has the parent eth0 already, and Docker 20\.10\.\S+ makes one macvlan network a parent; Docker 27 and later make more$/,
      );
      for (const name of ["old", "other"]) await on(1, "docker", "network", "rm", name);
      for (const link of ["lan9", "br9"]) await on(1, "ip", "link", "delete", link);
      // What a kernel lacks, its own answer tells; the lab's lacks both.
      const answer = await on(1, "sh", "-c", "unshare -n ip link add link lo name crosshost9 type ipvlan 2>&1 || true");
      if (/Unknown device type/.test(answer)) {
        assert.equal(await refused({}, ipvlanNetwork), "its kernel has no ipvlan");
        assert.equal(await refused({ vlan: 10 }), "its kernel has no VLANs");
      }
      await asBefore();
    });

    describe("in the kernel's own modes", () => {
      const onLan9 = (changed: object) => program.lan([1], { hosts: [{ parent: "lan9" }], ...changed });
      const addLink = (name: string, peer: string) =>
        on(
          1,
          "sh",
          "-c",
          'ip link add "$1" type veth peer name "$2" && ip link set "$1" up && ip link set "$2" up',
          "sh",
          name,
          peer,
        );
      let lan: MacvlanNetworkState | undefined;

      /** Set, set again, and changed to the next: what a replacement does. */
      const set = async (args: object, lifecycle = macvlanNetwork) => {
        if (lan) {
          const { changes, replaces } = lifecycle.diff(lan, program.check(args, lan, lifecycle));
          assert.ok(changes && replaces.length > 0, `${JSON.stringify(args)} replaces nothing`);
          await lifecycle.delete(lan, program.task());
        }
        lan = await program.up(args, undefined, lifecycle);
        assert.deepEqual(await lifecycle.read(lan, program.task()), lan);
        const again = program.check(args, lan, lifecycle);
        assert.deepEqual(lifecycle.diff(lan, again), { changes: false, replaces: [] });
        return (await networkOn(1)).Options;
      };

      before(() => addLink("lan9", "lan9p"));
      afterEach(async () => {
        await on(1, "sh", "-c", "docker ps -aq | xargs -r docker rm -f");
        if (lan) await destroy(lan);
        lan = undefined;
      });
      after(async () => {
        await on(1, "ip", "link", "delete", "lan9");
        await asBefore();
      });

      for (const [mode, named] of [
        ["private", { mode: "private" }],
        ["vepa", { options: { macvlan_mode: "vepa" } }],
        ["passthru", { mode: "passthru" }],
      ] as const) {
        it(`is ${mode}, which its containers' links are`, async () => {
          lan = await program.up(onLan9({}));
          assert.deepEqual(await set(onLan9(named)), { parent: "lan9", macvlan_mode: mode });
          const web = await program.container(1, "web");
          const { stdout } = await lab.host(1).ssh(["docker", "inspect", "-f", "{{.State.Pid}}", web.containerId]);
          const links = await on(1, "nsenter", "-t", stdout.trim(), "-n", "ip", "-d", "-o", "link");
          assert.match(links, new RegExp(`\\bmacvlan mode ${mode}\\b`));
          if (mode !== "passthru") return;
          await assert.rejects(program.container(1, "second"), {
            message: `host ${address(1)}: start container "second": failed to create the macvlan port: invalid argument`,
            hint: 'in mode "passthru" a single container has the host\'s interface',
          });
        });
      }

      /** What Docker shows of the options below. */
      const shown = async () => {
        const { Internal, EnableIPv6, Labels, IPAM } = await networkOn(1);
        const labels = Object.keys(Labels).filter((name) => !name.startsWith("io.crosshost."));
        return { Internal, EnableIPv6, labels, IPAM: IPAM.Config };
      };
      it("is made anew for another of each of its options, and for the same again nothing is", async () => {
        lan = await program.up(onLan9({}));
        for (const [what, args, expected] of changes) {
          await set(onLan9({ otherSubnet: true, ...config(), ...args }));
          assert.deepEqual(await shown(), { ...shownByDefault, ...expected }, what);
        }
      });

      it("takes the host's way away and brings it back in place", async () => {
        const on9 = (hostAccess: boolean) => onLan9({ otherSubnet: true, ...config(), hostAccess });
        lan = await program.up(on9(true));
        const [{ networkIds }, made] = [lan, await on(1, "ip", "-o", "link")];
        assert.match(made, new RegExp(SHIM));
        lan = await program.up(on9(false), lan);
        assert.doesNotMatch(await on(1, "ip", "-o", "link"), new RegExp(SHIM));
        lan = await program.up(on9(true), lan);
        assert.match(await on(1, "ip", "route"), new RegExp(`^10\\.98\\.0\\.64/28 dev ${SHIM} `, "m"));
        assert.deepEqual([lan.networkIds, await read(lan)], [networkIds, lan]);
      });

      it("is on a VLAN by the link of its number, and leaves one that was there before", async () => {
        for (const vlan of ["10", "20"]) await addLink(`lan9.${vlan}`, `v${vlan}`);
        assert.deepEqual(await set(onLan9({ vlan: 10 })), { parent: "lan9.10" });
        await program.container(1, "web");
        assert.deepEqual(await set(onLan9({ vlan: 20 })), { parent: "lan9.20" });
        await destroy(lan!);
        lan = undefined;
        const links = await on(1, "ip", "-o", "link");
        for (const vlan of ["10", "20"]) {
          assert.match(links, new RegExp(`: lan9\\.${vlan}@`));
          await on(1, "ip", "link", "delete", `lan9.${vlan}`);
        }
      });

      it("is refused in the engine's words by a kernel that could not be asked before", async () => {
        // What a kernel lacks is asked by `unshare`; the lab's lacks both.
        const answer = await on(
          1,
          "sh",
          "-c",
          "unshare -n ip link add link lo name crosshost9 type ipvlan 2>&1 || true",
        );
        if (!/Unknown device type/.test(answer)) return;
        await on(1, "mv", "/usr/bin/unshare", "/usr/bin/unshare.away");
        try {
          await assert.rejects(program.up(onLan9({ vlan: 10 })), {
            message: `host ${address(1)}: create network "lan": failed to create lan9.10 vlan link: operation not supported`,
            hint: "its kernel has no VLANs: `modprobe 8021q` on the host says more; some kernels are built without it",
          });
          // The engine takes any ipvlan network, and asks the kernel when the first container comes.
          assert.deepEqual(await set(onLan9({}), ipvlanNetwork), { parent: "lan9" });
          assert.deepEqual(await set(onLan9({ mode: "l3", otherSubnet: true }), ipvlanNetwork), {
            ...{ parent: "lan9", ipvlan_mode: "l3" },
          });
          await assert.rejects(program.container(1, "web"), {
            message: `host ${address(1)}: start container "web": failed to create the ipvlan port: operation not supported`,
            hint: "its kernel has no ipvlan: `modprobe ipvlan` on the host says more; some kernels are built without it",
          });
          await on(1, "docker", "rm", "-f", "web");
          await destroy(lan!);
          lan = undefined;
          await assert.rejects(program.up(onLan9({ flag: "private" }), undefined, ipvlanNetwork), {
            message: /^host \S+: Docker 20\.10\.\S+ does not know `flag` private of ipvlan; Docker 23 and later do$/,
          });
        } finally {
          await on(1, "mv", "/usr/bin/unshare.away", "/usr/bin/unshare");
        }
      });
    });

    describe("when its parent goes and comes back", () => {
      const addLink = "ip link add lan9 type veth peer name lan9p && ip link set lan9 up && ip link set lan9p up";
      const onLan9 = () => program.lan([1], { hosts: [{ parent: "lan9" }] });
      const ways = () => on(1, "docker", "exec", "web", "ip", "-4", "-o", "addr");
      let lan: MacvlanNetworkState;
      let web: ContainerState;
      let stopped: ContainerState;

      /** As one `up --refresh` does: everything is read, then what differs is brought about. */
      const upAfterRefresh = async () => {
        await program.forget();
        const foundLan = (await read(lan))!;
        const found = await Promise.all([web, stopped].map((state) => program.read(state)));
        lan = await program.up(onLan9(), foundLan);
        [web, stopped] = (await Promise.all(found.map((state) => program.upContainer(state)))) as [
          ContainerState,
          ContainerState,
        ];
      };
      const isAsBefore = async (before: ContainerState) => {
        assert.equal(web.containerId, before.containerId);
        assert.equal(web.endpoints[0]!.address, before.endpoints[0]!.address);
        assert.match(await ways(), new RegExp(` ${web.endpoints[0]!.address}/24 `));
        assert.deepEqual([web.reachable, web.state, stopped.state], [true, "running", "running"]);
        assert.deepEqual(await read(lan), lan);
      };

      before(async () => {
        await on(1, "sh", "-c", addLink);
        lan = await program.up(onLan9());
        [web, stopped] = await Promise.all([program.container(1, "web"), program.container(1, "stopped")]);
      });
      after(async () => {
        await Promise.all([web, stopped].map((state) => program.remove(state)));
        await destroy(lan);
        await on(1, "ip", "link", "delete", "lan9");
        await asBefore();
      });

      it("is refused for as long as the parent is gone, and its containers are said to have no way", async () => {
        await on(1, "ip", "link", "delete", "lan9");
        await on(1, "docker", "kill", "stopped");
        const found = await read(lan);
        assert.equal(found?.plan[address(1)]?.drift, "its parent lan9 is gone");
        await assert.rejects(program.up(onLan9(), found), {
          message: `host ${address(1)}: there is no interface lan9`,
        });
        assert.equal((await program.read(web)).reachable, false);
        assert.equal(program.said.at(-1), `${address(1)}: "web" has lost its link on "lan": there is no lan9 any more`);
        lan = found!;
      });

      it("is made anew with this stack's containers on it again, at the same addresses", async () => {
        const [before, networkIds] = [web, lan.networkIds];
        await on(1, "sh", "-c", addLink);
        lan = await program.up(onLan9(), lan);
        assert.notDeepEqual(lan.networkIds, networkIds);
        assert.match(
          program.said.at(-1)!,
          /: making the network "lan" anew, whose parent lan9 was gone, and connecting web again$/,
        );
        assert.match(await ways(), new RegExp(` ${web.endpoints[0]!.address}/24 `));
        await upAfterRefresh();
        await isAsBefore(before);
      });

      it("has its containers connected again by the next run, where the one that made it anew was killed", async () => {
        const before = web;
        await on(1, "ip", "link", "delete", "lan9");
        const found = (await read(lan))!;
        await on(1, "sh", "-c", addLink);
        await program.killedBeforeConnecting(() => program.up(onLan9(), found));
        assert.doesNotMatch(await ways(), /eth0/);
        lan = await program.up(onLan9(), found);
        assert.match(program.said.at(-1)!, /: connecting (web, stopped|stopped, web) to the network "lan" again$/);
        assert.match(await ways(), new RegExp(` ${web.endpoints[0]!.address}/24 `));
        await isAsBefore(before);
      });

      it("has its containers connected again where nobody saw that it was gone", async () => {
        const [before, { networkIds }] = [web, lan];
        await on(1, "sh", "-c", `ip link delete lan9 && ${addLink}`);
        await upAfterRefresh();
        assert.deepEqual(lan.networkIds, networkIds);
        assert.ok(
          program.said.includes(`${address(1)}: connecting "web" to "lan" again, whose lan9 was gone and is back`),
        );
        await isAsBefore(before);
      });
    });
  });
});
