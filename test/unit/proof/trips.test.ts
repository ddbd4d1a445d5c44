import assert from "node:assert/strict";
import type { Endpoint } from "../../../provider/proof/survey";
import { planTrips } from "../../../provider/proof/trips";

/** An endpoint called after its host, such as `h1-a`. */
function endpoint(name: string): Endpoint {
  const rest = { container: name, labels: {}, address: "", subnet: "", macAddress: "" };
  return { id: name, name, host: name.split("-")[0]!, ...rest };
}

/** What is planned where these endpoints are there, in the order in which hosts list them, for ways like `h1 to h2-a`. */
function plan(
  there: string[],
  ways: string[],
  { failures = {} as Record<string, number>, mute = [] as string[] } = {},
) {
  const endpoints = there.map(endpoint);
  const wanted = ways.map((way) => {
    const [from, to] = way.split(" to ") as [string, string];
    return { from, to: endpoint(to), failures: failures[way] ?? 0 };
  });
  const trips = planTrips(wanted, (host) => endpoints.filter((one) => one.host === host && !mute.includes(one.name)));
  return trips.map(({ by, to, ways }) => `${by.id} to ${to.id}: ${ways.map((way) => `${way.from} to ${way.to.id}`)}`);
}

describe("the packets that prove ways", () => {
  it("are one from a container that joins to each other host", () => {
    const there = ["h1-a", "h1-b", "h2-a", "h3-a", "h3-new"];
    assert.deepEqual(plan(there, ["h1 to h3-new", "h2 to h3-new"]), [
      "h3-new to h1-a: h1 to h3-new",
      "h3-new to h2-a: h2 to h3-new",
    ]);
  });

  it("are to all others from the first container of a host, each way proven once", () => {
    const there = ["h1-a", "h1-b", "h2-a", "h3-new"];
    const ways = ["h1 to h3-new", "h2 to h3-new", "h3 to h1-a", "h3 to h1-b", "h3 to h2-a"];
    assert.deepEqual(plan(there, ways), [
      "h3-new to h1-a: h3 to h1-a,h1 to h3-new",
      "h3-new to h1-b: h3 to h1-b",
      "h3-new to h2-a: h3 to h2-a,h2 to h3-new",
    ]);
  });

  it("prove each way once, where both ends are new", () => {
    const there = ["h1-a", "h1-b", "h2-a", "h2-b"];
    const ways = ["h1 to h2-a", "h1 to h2-b", "h2 to h1-a", "h2 to h1-b"];
    assert.deepEqual(plan(there, ways), [
      "h1-a to h2-a: h1 to h2-a,h2 to h1-a",
      "h1-a to h2-b: h1 to h2-b",
      "h1-b to h2-a: h2 to h1-b",
    ]);
  });

  it("take one sender on each host, however many containers all of them have", () => {
    const hosts = ["h1", "h2", "h3", "h4"];
    const there = hosts.flatMap((host) => ["a", "b", "c", "d", "e"].map((name) => `${host}-${name}`));
    const ways = hosts.flatMap((from) => there.filter((to) => !to.startsWith(from)).map((to) => `${from} to ${to}`));
    const senders = new Set(plan(there, ways).map((trip) => trip.split(" ")[0]));
    assert.deepEqual([...senders].sort(), ["h1-a", "h2-a", "h3-a", "h4-a"]);
  });

  it("are from both ends where they were tried before, and from another container each time", () => {
    const there = ["h1-a", "h1-b", "h2-a"];
    const failures = { "h1 to h2-a": 1, "h2 to h1-a": 1 };
    assert.deepEqual(plan(there, ["h1 to h2-a", "h2 to h1-a"], { failures }), [
      "h1-b to h2-a: h1 to h2-a",
      "h2-a to h1-a: h2 to h1-a",
    ]);
  });

  it("are never from a container that cannot send", () => {
    const there = ["h1-a", "h2-a", "h2-theirs", "h3-a"];
    const ways = ["h1 to h2-theirs", "h3 to h2-theirs"];
    assert.deepEqual(plan(there, ways, { mute: ["h2-theirs"] }), [
      "h1-a to h2-theirs: h1 to h2-theirs",
      "h3-a to h2-theirs: h3 to h2-theirs",
    ]);
  });
});
