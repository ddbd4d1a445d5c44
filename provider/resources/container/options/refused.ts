/** Options of `@pulumi/docker` that are refused here, and why: completes "Expected `rm` to be left out: …". */
export const refusedOptions: Readonly<Record<string, string>> = {
  rm: "a container that removes itself when it ends would be taken for one that somebody removed; give `mustRun: false` for one that may end",
  attach:
    "an `up` does not wait for a container's end; give `mustRun: false` and look at its `exitCode` after a refresh",
  logs: "what a container prints is not kept in state; `docker logs` on the host has it",
  containerReadRefreshTimeoutMilliseconds: "reading does not wait; `timeouts` says how long each verb may take",
};
