import assert from "node:assert/strict";
import type { DockerApi } from "../../../../provider/docker/api";
import { CrosshostError, describeError } from "../../../../provider/errors";
import type { Task } from "../../../../provider/lifecycle";
import { ensureImage } from "../../../../provider/resources/shared/image";
import { Deadline } from "../../../../provider/wait";
import { TestClock } from "../../ssh/testClock";

describe("the image of a container", () => {
  const said: string[] = [];
  const run = { pulls: new Map(), progress: (_host: string, step: string) => said.push(step) };
  const task = { run, deadline: new Deadline(60_000, new TestClock()) } as unknown as Task;

  /** An engine without the image, whose pulls go as `pulls` says, one after the other: an error, or done. */
  function engine(pulls: (CrosshostError | "done")[], has = false): { docker: DockerApi; tried: () => number } {
    let tried = 0;
    const images = {
      inspect: async () => {
        if (has) return {};
        throw new CrosshostError("no such image", { code: "not-found" });
      },
      pull: async () => {
        const outcome = pulls[tried++];
        if (outcome !== "done") throw outcome;
      },
    };
    return { docker: { images } as unknown as DockerApi, tried: () => tried };
  }
  const refused = (message: string) => new CrosshostError(message, { code: "docker-refused" });
  beforeEach(() => {
    said.length = 0;
    run.pulls.clear();
  });

  it("is not pulled where it is there", async () => {
    const { docker, tried } = engine([], true);
    await ensureImage(docker, "h1", "consul:1.8", task);
    assert.equal(tried(), 0);
    assert.deepEqual(said, []);
  });

  it("is pulled where it is missing, with a line that says so", async () => {
    const { docker, tried } = engine(["done"]);
    await ensureImage(docker, "h1", "consul:1.8", task);
    assert.equal(tried(), 1);
    assert.deepEqual(said, ["pulling consul:1.8"]);
  });

  it("is not asked for again when the registry does not have it", async () => {
    const { docker, tried } = engine([refused("manifest unknown")]);
    await assert.rejects(ensureImage(docker, "h1", "consul:1.8", task), (error) => {
      assert.equal(
        describeError(error),
        "manifest unknown (is the name right, and does the host reach the registry? `docker pull` on that host shows the same)",
      );
      return true;
    });
    assert.equal(tried(), 1);
  });
});
