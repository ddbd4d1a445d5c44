// Works on the hosts it is told of, as the provider does, and says how long each took and how much memory that was.
const path = require("node:path");

process.once("message", async ({ built, ports, privateKey, hostKey }) => {
  const { ConnectionPool } = require(path.join(built, "dist/provider/ssh/pool.js"));
  const { Deadline } = require(path.join(built, "dist/provider/wait.js"));
  const pool = new ConnectionPool();
  const began = performance.now();
  const seconds = await Promise.all(
    ports.map(async (port) => {
      const connection = {
        host: "127.0.0.1",
        port,
        user: "root",
        privateKey,
        hostKey,
        dialErrorLimit: 3,
        perDialTimeout: 60,
      };
      const deadline = new Deadline(60_000);
      for (let round = 0; round < 4; round++) {
        const asked = Array.from({ length: 6 }, async () => (await pool.host(connection, deadline)).run(["true"]));
        await Promise.all(asked);
      }
      return (performance.now() - began) / 1000;
    }),
  );
  await pool.close();
  process.send({ seconds, megabytes: process.resourceUsage().maxRSS / 1024 }, () => process.disconnect());
});
