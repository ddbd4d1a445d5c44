import assert from "node:assert/strict";
import { lastWords } from "../../../provider/engine/systemd";

const before = 'time="2026-01-01T10:00:00Z" level=error msg="discovery error: Unexpected watch error"\n';
const starting = "Starting Docker Application Container Engine...\n";

describe("the last words of an engine", () => {
  it("are what it says of its failure to start, without what was before", () => {
    const log = `${before}${starting}time="x" level=info msg="Starting up"
failed to start daemon: error initializing discovery: discovery.ttl timer must be greater than discovery.heartbeat
docker.service: Main process exited, code=exited, status=1/FAILURE
docker.service: Failed with result 'exit-code'.
Failed to start Docker Application Container Engine.
`;
    assert.equal(
      lastWords(log),
      "failed to start daemon: error initializing discovery: discovery.ttl timer must be greater than discovery.heartbeat",
    );
  });

  it("are unpacked from dockerd's own form", () => {
    const log = `${starting}time="x" level=fatal msg="cannot open \\"/a\\\\b\\": no\\nsuch file" error=x\ntime="x" level=error msg=short\n`;
    assert.equal(lastWords(log), 'cannot open "/a\\b": no such file | short');
  });

  it("are systemd's where dockerd said nothing, and nothing where there is no log", () => {
    const log = `${before}${starting}docker.service: Failed to set up cgroup: Device or resource busy\nStopped.\n`;
    assert.equal(lastWords(log), "docker.service: Failed to set up cgroup: Device or resource busy");
    assert.equal(lastWords(""), "");
  });
});
