import assert from "node:assert/strict";
import { Lab } from "../../../lab";
import { type HostSnapshot, snapshot } from "../../../lab/snapshot";
import type { ContainerState } from "../../../provider/resources/container/inputs";
import { macvlanNetwork } from "../../../provider/resources/macvlanNetwork";
import type { MacvlanNetworkState } from "../../../provider/resources/macvlanNetwork/inputs";
import { LanProgram } from "./program";

describe("a macvlan LAN over three hosts", function () {
  this.timeout("3m");

  let lab: Lab;
  let program: LanProgram;
  let original: HostSnapshot[];

  before(async () => {
    lab = await Lab.start({ hosts: 3, name: "integration-macvlan" });
    original = await Promise.all(lab.hosts.map(snapshot));
    program = new LanProgram(lab);
  });
  after(async () => {
    await program?.close();
    if (!process.env.KEEP_LAB) await lab?.stop();
  });

  const on = async (number: number, ...command: string[]) => await lab.host(number).ssh(command);
  const networkOn = async (number: number) =>
    JSON.parse((await on(number, "docker", "network", "inspect", "lan")).stdout)[0] as Record<string, unknown>;
  const pings = async (number: number, address: string, ...more: string[]) =>
    (await on(number, "ping", "-c", "1", "-W", "1", ...more, address)).exitCode === 0;
  const asBefore = async () => assert.deepEqual(await Promise.all(lab.hosts.map(snapshot)), original);

  describe("with the hosts' own ways to their containers", () => {
    let lan: MacvlanNetworkState;
    const containers: ContainerState[] = [];

    it("comes up on all of them, each with a block of its own", async () => {
      lan = await program.up(program.lan([1, 2, 3], { hostAccess: true }));
      const { net } = program;
      for (const [number, last] of [
        [1, 64],
        [2, 72],
        [3, 80],
      ] as const) {
        const { Driver, Options, IPAM } = await networkOn(number);
        assert.deepEqual(
          { Driver, Options, IPAM },
          {
            Driver: "macvlan",
            Options: { parent: "eth0" },
            IPAM: {
              Driver: "default",
              Options: null,
              Config: [
                {
                  Subnet: `${net}.0/24`,
                  IPRange: `${net}.${last}/29`,
                  Gateway: `${net}.254`,
                  AuxiliaryAddresses: { "crosshost-shim": `${net}.${last + 7}` },
                },
              ],
            },
          },
        );
      }
    });

    it("changes nothing when it is made again, and has not drifted", async () => {
      const ids = lan.networkIds;
      const { said } = program;
      said.length = 0;
      assert.deepEqual(await program.up(program.lan([1, 2, 3], { hostAccess: true }), lan), lan);
      assert.deepEqual([lan.networkIds, said], [ids, []]);
      assert.deepEqual(await macvlanNetwork.read(lan, program.task()), lan);
    });

    it("gives no two of thirty containers one address, and each host reaches its own", async () => {
      const all = [1, 2, 3].flatMap((number) =>
        Array.from({ length: 5 }, (_, i) => ({ number, name: `c${number}${i}` })),
      );
      containers.push(...(await Promise.all(all.map(({ number, name }) => program.container(number, name)))));
      const addresses = containers.map(({ endpoints }) => endpoints[0]!.address);
      assert.equal(new Set(addresses).size, 15);
      const reached = await Promise.all(
        [1, 2, 3].map((number) => Promise.all(addresses.map((address) => pings(number, address)))),
      );
      assert.deepEqual(
        reached.flat().filter((isReached) => !isReached),
        [],
      );
    });

    it("is as it was after a reboot of a host, shim and all", async () => {
      await lab.host(2).reboot("clean");
      assert.deepEqual(await macvlanNetwork.read(lan, program.task()), lan);
    });

    it("leaves nothing behind", async () => {
      await Promise.all(containers.map((state) => program.remove(state)));
      await macvlanNetwork.delete(lan, program.task());
      await asBefore();
      for (const number of [1, 2, 3]) assert.doesNotMatch((await on(number, "ip", "link")).stdout, /shim/);
    });
  });
});
