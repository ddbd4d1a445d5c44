import * as pulumi from "@pulumi/pulumi";

// The example of two hosts with resources that do nothing: what Pulumi itself takes for such a program.

class Nothing extends pulumi.dynamic.Resource {
  constructor(name: string, inputs: pulumi.Inputs = {}) {
    super(nothing, name, inputs);
  }
}

const nothing: pulumi.dynamic.ResourceProvider = {
  async create(inputs) {
    return { id: "nothing", outs: inputs };
  },
};

const store = new Nothing("consul");
const members = [1, 2].map((number) => new Nothing(`host${number}`, { store: store.id }));
const connections = members.map((member) => member.id);
const overlay = new Nothing("ov_net1", { connections });
const lan = new Nothing("lan", { connections });
members.map((member, i) => new Nothing(`web${i + 1}`, { connection: member.id, networks: [overlay.id, lan.id] }));
