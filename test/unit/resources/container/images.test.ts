import assert from "node:assert/strict";
import { container } from "../../../../provider/resources/container";
import { containerWorld, inputsWith, news } from "../../../helpers/containerWorld";
import { fakeTask } from "../../../helpers/fakeRun";
import { checked, failuresOf } from "../../../helpers/inputs";

const missing = { images: [], registry: ["busybox:1.35"] };

describe("a Container's image", () => {
  it("pulls it once for several containers of one host", async () => {
    const { docker, run, said } = containerWorld(missing);
    const names = ["web1", "web2", "web3"];
    await Promise.all(
      names.map((name) => container.create(checked(container, { ...news, name, owner: `a/b/${name}` }), fakeTask(run))),
    );
    assert.equal(docker.mutations.filter((call) => call.startsWith("pull")).length, 1);
    assert.deepEqual(said, ["10.77.0.1: pulling busybox:1.35"]);
    assert.equal(docker.containersById.size, 3);
  });

  it("pulls it though it is there where `pullTriggers` are given, once in a run, and pins its digest", async () => {
    const { docker, create, read, remove } = containerWorld({ registry: ["busybox:1.35"] });
    docker.digests.set("busybox:1.35", "sha256:1");
    const state = await create({ pullTriggers: ["a"] });
    assert.equal(docker.mutations[0], 'pull image "busybox:1.35"');
    assert.equal(state.imageDigest, "sha256:1");
    docker.settle();
    await create({ pullTriggers: ["a"] });
    assert.deepEqual(docker.mutations, []);
    assert.deepEqual(container.diff((await read(state))!, inputsWith({ pullTriggers: ["a"] })).replaces, []);
    await remove(state);
    assert.deepEqual(container.diff(state, inputsWith({ pullTriggers: ["b"] })).replaces, ["pullTriggers"]);
  });

  it("is a difference once its tag has moved, where `pullTriggers` ask, and none where they do not", async () => {
    const { docker, create, read, said } = containerWorld({ registry: ["busybox:1.35"] });
    docker.digests.set("busybox:1.35", "sha256:1");
    const asking = await create({ pullTriggers: [] });
    docker.digests.set("busybox:1.35", "sha256:2");
    const found = (await read(asking))!;
    assert.equal(found.image, "busybox:1.35@sha256:1");
    assert.deepEqual(container.diff(found, inputsWith({ pullTriggers: [] })).replaces, ["image"]);
    const { pullTriggers: _, ...silent } = asking;
    assert.equal((await read(silent))!.image, "busybox:1.35");
    docker.interrupt(/^ask/, docker.refuse('ask for the digest of image "busybox:1.35"', 500, "timeout"));
    assert.equal((await read(asking))!.image, "busybox:1.35");
    assert.match(
      said.at(-1)!,
      /^10\.77\.0\.1: whether busybox:1\.35 has moved is not known: ask for the digest .*timeout$/,
    );
  });

  it("hands the registry's user and password on, and shows them nowhere", async () => {
    const { docker, create, said } = containerWorld(missing);
    const registryAuth = { address: "registry.test", username: "me", password: "secret" };
    await create({ registryAuth });
    assert.deepEqual(docker.asked[0], ["pull", registryAuth]);
    assert.ok(!said.join().includes("secret"));
    const failures = [{ username: "me", password: 7 }, "me:secret"].flatMap((given) =>
      failuresOf(container, { ...news, registryAuth: given }),
    );
    assert.deepEqual(failures, [
      { property: "registryAuth.password", reason: "Expected `registryAuth.password` to be a string" },
      {
        property: "",
        reason: "Expected `registryAuth` to be an object such as { address, username, password }",
      },
    ]);
  });

  it("is pulled again where the pull fails for a reason that may pass, which is said once", async () => {
    const { docker, create, said } = containerWorld(missing);
    const refused = () => docker.refuse('pull image "busybox:1.35"', 500, "net/http: TLS handshake timeout");
    for (let i = 0; i < 3; i++) docker.interrupt(/^pull/, refused());
    await create();
    assert.deepEqual(said, [
      "10.77.0.1: pulling busybox:1.35",
      '10.77.0.1: pull image "busybox:1.35": net/http: TLS handshake timeout; trying again',
    ]);
  });

  it("is not pulled again where it may not be had, and the hint says what is missing", async () => {
    const { docker, create } = containerWorld(missing);
    const words = "pull access denied for busybox, repository does not exist or may require 'docker login'";
    docker.interrupt(/^pull/, docker.refuse('pull image "busybox:1.35"', 404, words));
    await assert.rejects(create(), {
      message: `host 10.77.0.1: pull image "busybox:1.35": ${words}`,
      hint: "does the image exist, and may this user pull it? `registryAuth` gives a user name and a password",
    });
    docker.interrupt(/^pull/, docker.refuse('pull image "busybox:1.35"', 500, "unauthorized: authentication required"));
    await assert.rejects(create({ registryAuth: { username: "me", password: "secret" } }), {
      message: 'host 10.77.0.1: pull image "busybox:1.35": unauthorized: authentication required',
      hint: 'does the image exist, are `registryAuth`\'s user name and password right, and may "me" pull it?',
    });
  });

  it("gives a pull up after a minute, with the last reason", async () => {
    const { docker, create } = containerWorld(missing);
    const refused = () => docker.refuse('pull image "busybox:1.35"', 500, "503 Service Unavailable");
    for (let i = 0; i < 30; i++) docker.interrupt(/^pull/, refused());
    await assert.rejects(
      create(),
      /timed out after 60 s waiting for busybox:1\.35 to be pulled on 10\.77\.0\.1; last seen: .*503 Service Unavailable$/,
    );
  });

  it("shows how far a slow pull is in a line that moves, and says what it was at its end", async () => {
    const { docker, run, said, shown } = containerWorld(missing);
    const task = fakeTask(run);
    const later = (seconds: number) => () => task.deadline.clock.sleep(seconds * 1000);
    const progress = (current: number, total = 60_000_000) => ({ current, total });
    docker.pullLines.push(
      { status: "Downloading", id: "a", progressDetail: progress(6_000_000) },
      { status: "Downloading", id: "b", progressDetail: progress(0), before: later(1) },
      { status: "Downloading", id: "a", progressDetail: progress(30_000_000), before: later(1) },
      { status: "Pull complete", id: "a", before: later(1) },
      { status: "Downloading", id: "b", progressDetail: progress(30_000_000), before: later(3) },
    );
    await container.create(inputsWith(), task);
    assert.deepEqual(shown, [
      "10.77.0.1: pulling busybox:1.35: 25 % of 120 MB",
      "10.77.0.1: pulling busybox:1.35: 75 % of 120 MB",
    ]);
    assert.deepEqual(said, ["10.77.0.1: pulling busybox:1.35", "10.77.0.1: pulled busybox:1.35: 120 MB in 6 s"]);
  });
});
