import type { MessageItem } from "./protocol.ts";
import type { Transcript } from "./transcript.ts";

/** What the user said in a turn. */
export function userMessage(transcript: Transcript, turn: string): MessageItem | undefined {
  return transcript
    .turn(turn)
    ?.items.map((id) => transcript.item(id))
    .find((item) => item?.kind === "message" && item.type === "user_message") as MessageItem | undefined;
}

/** All that the user said, oldest first. */
export function userMessages(transcript: Transcript): readonly string[] {
  return transcript.turnIds
    .map((turn) => userMessage(transcript, turn)?.content)
    .filter((content) => content !== undefined);
}
