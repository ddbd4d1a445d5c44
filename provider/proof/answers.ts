/** What came of the packets to one address. */
export interface Answer {
  answered: boolean;
  /** How many the last try sent. */
  sent: number;
  /** Of the packets sent after the first answer, where there were any. */
  burst?: { sent: number; received: number };
  /** What the command said, for messages. */
  said: string;
}

/** Between what was said of the first packets and of those after. */
export const BURST = "--burst--";

/** Reads what the scripts print: for each address one line, `<address> <what ping said, with blanks for its lines>`. */
export function parseAnswers(stdout: string): Map<string, Answer> {
  const lines = stdout.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [, address = "", said = ""] = /^(\S+) ?(.*)$/.exec(line) ?? [];
      const [first = "", burst] = said.split(BURST);
      const counted = burst === undefined ? undefined : exceptTheLast(countOf(burst));
      const { sent, received } = countOf(first) ?? { sent: 0, received: 0 };
      const answer: Answer = { answered: received > 0, sent, said: first.trim() };
      return [address, counted ? { ...answer, burst: counted } : answer];
    }),
  );
}

/** As fast as they come back, ping does not wait for the last of them. */
function exceptTheLast(counted: ReturnType<typeof countOf>): ReturnType<typeof countOf> {
  if (!counted) return undefined;
  const sent = Math.max(0, counted.sent - 1);
  return { sent, received: Math.min(counted.received, sent) };
}

/** `5 packets transmitted, 4 received` of iputils, `… 4 packets received` of busybox. */
function countOf(said: string): { sent: number; received: number } | undefined {
  const [, sent, received] = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(said) ?? [];
  return sent === undefined ? undefined : { sent: Number(sent), received: Number(received) };
}
