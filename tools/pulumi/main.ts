import { describeError } from "../../provider/errors";
import { findPulumi } from ".";

/** Finds the CLI or builds it, for those who want to have it ready. */
findPulumi(console.log).then(
  ({ path }) => console.log(path),
  (error: unknown) => {
    console.error(describeError(error));
    process.exitCode = 1;
  },
);
