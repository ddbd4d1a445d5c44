/** A program with as many resources as the example of two hosts, none of which does anything: Pulumi's own price. */
export const baseline = `import * as pulumi from "@pulumi/pulumi";

const provider: pulumi.dynamic.ResourceProvider = {
  async create(inputs) {
    return { id: "nothing", outs: inputs };
  },
};

class Nothing extends pulumi.dynamic.Resource {
  constructor(name: string, args: object) {
    super(provider, name, args);
  }
}

for (let i = 1; i <= 7; i++) new Nothing(\`nothing\${i}\`, { name: \`nothing\${i}\` });
`;
