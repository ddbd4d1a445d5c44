import { KINDS } from "../store/labStore";
import type { QuorumRound } from "./quorum";

const HEADING = [
  ...["kind", "servers", "ready after", "no write when a process died", "when one was killed in an update"],
  ...["when all were restarted", "when the image was updated", "rounds", "faults"],
];

/** One row for each kind and number of servers, of whichever rounds there are. */
export function quorumTable(rounds: readonly QuorumRound[]): string[][] {
  const rows = KINDS.filter((kind) => rounds.some((round) => round.kind === kind)).flatMap((kind) => {
    const own = rounds.filter((round) => round.kind === kind);
    const of = (figure: (round: QuorumRound) => number | undefined) => spread(own.map(figure));
    const faults = String(own.reduce((sum, round) => sum + round.faults.length, 0));
    return [
      [kind, "1", of(({ ready }) => ready.one), of(({ died }) => died.one), "", "", "", String(own.length), ""],
      [
        ...[kind, "3", of(({ ready }) => ready.three), of(({ died }) => died.three), of(({ killed }) => killed)],
        ...[of(({ restarted }) => restarted), of(({ updated }) => updated), String(own.length), faults],
      ],
    ];
  });
  return [HEADING, ...rows];
}

/** Shortest, median and longest. */
function spread(figures: readonly (number | undefined)[]): string {
  const known = figures.filter((figure) => figure !== undefined).sort((a, b) => a - b);
  if (known.length === 0) return "-";
  return [known[0]!, known[Math.floor(known.length / 2)]!, known.at(-1)!]
    .map((one) => `${one.toFixed(1)} s`)
    .join(" – ");
}
