import assert from "node:assert/strict";
import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { OverlayNetwork } from "../../../sdk";
import type { OverlayNetworkArgs } from "../../../sdk/overlayNetwork";

/** What the compiler holds; nothing of it runs. */
describe("@pulumi/docker's types", () => {
  it("take an OverlayNetwork where a container joins it", () => {
    const joins = (network: OverlayNetwork): docker.ContainerArgs => ({
      image: "busybox",
      networksAdvanced: [{ name: network.name, aliases: ["web"] }],
    });
    assert.equal(typeof joins, "function");
  });

  it("have the shapes of an OverlayNetwork's options, by the same names", () => {
    type Shared = "ipamDriver" | "ipamOptions" | "options" | "internal" | "attachable" | "name";
    const ours = (args: Pick<OverlayNetworkArgs, Shared>): Pick<docker.NetworkArgs, Shared> => args;
    const config = (one: NonNullable<pulumi.Unwrap<OverlayNetworkArgs["ipamConfigs"]>>[number]) => {
      const theirs: docker.types.input.NetworkIpamConfig = one;
      return theirs;
    };
    assert.equal(typeof ours, typeof config);
  });
});
