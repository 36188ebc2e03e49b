import type { Transcript } from "./transcript.ts";

/** What the user said in a turn. */
export function userMessage(transcript: Transcript, turn: string): string | undefined {
  const items = transcript.turn(turn)?.items.map((id) => transcript.item(id)) ?? [];
  return items.find((item) => item?.kind === "message" && item.type === "user_message")?.content;
}

/** All that the user said, oldest first. */
export function userMessages(transcript: Transcript): readonly string[] {
  return transcript.turnIds
    .map((turn) => userMessage(transcript, turn))
    .filter((content) => content !== undefined);
}
