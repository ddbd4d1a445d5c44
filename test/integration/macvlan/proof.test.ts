import assert from "node:assert/strict";
import { Lab } from "../../../lab";
import { macvlanNetwork } from "../../../provider/resources/macvlanNetwork";
import type { MacvlanNetworkState } from "../../../provider/resources/macvlanNetwork/inputs";
import { LanProgram } from "./program";

describe("a container on a LAN", function () {
  this.timeout("2m");

  let lab: Lab;
  let program: LanProgram;
  let lan: MacvlanNetworkState;

  before(async () => {
    lab = await Lab.start({ hosts: 3, name: "integration-macvlan" });
    program = new LanProgram(lab);
    lan = await program.up(program.lan([1, 2, 3]));
  });
  after(async () => {
    await program?.close();
    if (!process.env.KEEP_LAB) await lab?.stop();
  });
  afterEach(async () => {
    for (const host of lab.hosts) await host.ssh(["sh", "-c", "docker ps -aq | xargs -r docker rm -f"]);
  });

  const on = async (number: number, ...command: string[]) => {
    const { stdout, stderr, exitCode } = await lab.host(number).ssh(command);
    assert.equal(exitCode, 0, `${command.join(" ")}: ${stderr}`);
    return stdout;
  };
  const refused = (address: string, mac: string) => ({
    message: `host ${lab.host(1).address}: "web" is not alone with its address ${address} on the LAN of "lan": ${mac} has it, too; find whose that is, or keep the address from containers by \`auxAddress\``,
    code: "not-ready",
  });

  it("is proven to be reached from every other host, with nothing to say", async () => {
    program.said.length = 0;
    await program.container(1, "web");
    assert.deepEqual(
      program.said.filter((line) => !line.includes("pulling")),
      [],
    );
  });

  it("whose address another machine on the LAN has fails, naming that one's MAC address", async () => {
    const address = `${program.net}.200`;
    const machine = "ip netns add m && ip link add m0 link eth0 type macvlan mode bridge && ip link set m0 netns m";
    await on(3, "sh", "-c", `${machine} && ip -n m addr add ${address}/24 dev m0 && ip -n m link set m0 up`);
    try {
      const [, mac = ""] = /link\/ether (\S+)/.exec(await on(3, "ip", "-n", "m", "link", "show", "m0")) ?? [];
      await assert.rejects(
        program.container(1, "web", { networksAdvanced: [{ name: "lan", ipv4Address: address }] }),
        refused(address, mac),
      );
    } finally {
      await on(3, "ip", "netns", "delete", "m");
    }
  });

  it("whose address another engine has given away fails, though Docker makes the same MAC address for both", async () => {
    const address = `${program.net}.201`;
    await on(3, "docker", "run", "-d", "--network", "lan", "--ip", address, "busybox:1.35", "sleep", "1000");
    const networksAdvanced = [{ name: "lan", ipv4Address: address }];
    const mac = `02:42:${address
      .split(".")
      .map((part) => Number(part).toString(16).padStart(2, "0"))
      .join(":")}`;
    await assert.rejects(program.container(1, "web", { networksAdvanced }), refused(address, mac));
    const warned = await program.container(1, "web", { networksAdvanced, verifyConnectivity: "warn" });
    assert.equal(warned.endpoints[0]!.address, address);
    assert.match(program.said.at(-1)!, /^warning: \S+: "web" is not alone with its address/);
  });

  it("on a LAN that drops frames of foreign MAC addresses is told so, with the way out", async () => {
    await lab.host(1).foreignFrames(false);
    try {
      const [host1, host2] = [lab.host(1).address, lab.host(2).address];
      await assert.rejects(program.container(1, "web"), {
        message: `host ${host2}: "web" (${program.net}.64, host ${host1}) does not answer on the LAN of "lan", and its host does: the LAN drops frames of MAC addresses that it has not given out, as most clouds, Wi-Fi and ESXi without promiscuous mode do; an IpvlanNetwork has no others than the hosts' (and 1 more)`,
      });
    } finally {
      await lab.host(1).foreignFrames(true);
    }
  });

  describe("with IPv6", () => {
    let dual: MacvlanNetworkState;
    const six = "fd00:77:0:0";
    const dualLan = () => {
      const ipamConfigs = [
        ...program.lan([1]).ipamConfigs,
        { subnet: `${six}::/64`, gateway: `${six}::fe`, ipRange: `${six}:8000::/65` },
      ];
      return program.lan([1, 2, 3], { ipamConfigs });
    };
    const onAll = (verb: "add" | "del") =>
      Promise.all([1, 2, 3].map((n) => on(n, "ip", "addr", verb, `${six}::${n}/64`, "dev", "eth0", "nodad")));

    before(async () => {
      await macvlanNetwork.delete(lan, program.task());
      await onAll("add");
      await program.forget();
      dual = await program.up(dualLan());
    });
    after(async () => {
      await macvlanNetwork.delete(dual, program.task());
      await onAll("del");
      await program.forget();
      lan = await program.up(program.lan([1, 2, 3]));
    });

    it("is proven by both, with nothing to say", async () => {
      program.said.length = 0;
      const web = await program.container(1, "web");
      assert.match(web.endpoints[0]!.ipv6Address!, /^fd00:77:/);
      assert.deepEqual(
        program.said.filter((line) => !line.includes("pulling")),
        [],
      );
      const neighbours = await on(2, "ip", "neigh", "show", "to", web.endpoints[0]!.ipv6Address!);
      assert.ok(neighbours.includes(web.endpoints[0]!.macAddress), neighbours);
    });

    it("fails when another machine has its IPv6 address alone, naming that one's MAC address", async () => {
      const address = "fd00:77::2000:0:0:1234";
      const machine = "ip netns add m && ip link add m0 link eth0 type macvlan mode bridge && ip link set m0 netns m";
      const up = `ip -n m link set m0 up && ip -n m addr add ${address}/64 dev m0 nodad`;
      await on(3, "sh", "-c", `${machine} && ${up}`);
      try {
        const [, mac = ""] = /link\/ether (\S+)/.exec(await on(3, "ip", "-n", "m", "link", "show", "m0")) ?? [];
        const networksAdvanced = [{ name: "lan", ipv6Address: address }];
        await assert.rejects(program.container(1, "web", { networksAdvanced }), (error: Error) => {
          assert.ok(error.message.startsWith(refused(address, mac).message), error.message);
          return true;
        });
      } finally {
        await on(3, "ip", "netns", "delete", "m");
      }
    });

    it("is told where IPv6 alone gets nowhere", async () => {
      await lab.host(2).firewall("icmpv6 type { echo-request, nd-neighbor-solicit } drop");
      try {
        const [host1, host2] = [lab.host(1).address, lab.host(2).address];
        await assert.rejects(program.container(1, "web"), (error: Error) => {
          assert.match(
            error.message,
            new RegExp(`^host ${host2}: "web" \\(fd00:77:[\\da-f:]+, host ${host1}\\) does not`),
          );
          assert.ok(
            error.message.endsWith(
              " and neither does its host, fd00:77::1: the two are not on one LAN, or something in between drops what they send",
            ),
            error.message,
          );
          return true;
        });
      } finally {
        await lab.host(2).firewall();
      }
    });

    it("is not proven by IPv6 from a host without such an address, which is said", async () => {
      await on(2, "ip", "addr", "del", `${six}::2/64`, "dev", "eth0");
      await program.forget();
      program.check(dualLan(), dual);
      program.said.length = 0;
      await program.container(1, "web");
      const warnings = program.said.filter((line) => !line.includes("pulling"));
      assert.deepEqual(warnings, [
        `warning: ${lab.host(2).address}: nothing on "lan" is proven from there by IPv6: it has no address in that subnet`,
      ]);
      await on(2, "ip", "addr", "add", `${six}::2/64`, "dev", "eth0", "nodad");
    });
  });

  it("is proven from the hosts that answer, and the one that does not is named", async () => {
    await lab.host(3).powerOff();
    await program.forget();
    program.check(program.lan([1, 2, 3]), lan);
    await program.container(1, "web");
    assert.match(program.said.at(-1)!, /^warning: \S+\.3: nothing on "lan" is proven from there: /);
    await lab.host(3).powerOn();
    await program.forget();
    await macvlanNetwork.delete(lan, program.task());
  });
});
