import { useEffect, useRef, useState } from "preact/hooks";
import type { Store } from "../store.ts";

/** An answer up to this length is read out; of a longer one, only that it is there. */
const MOST_READ_CHARS = 240;

interface Props {
  readonly store: Store;
  readonly assistant: string;
}

/** Tells a screen reader what the eye sees happen: once that an answer begins, once that it is there. */
export function Announcer({ store, assistant }: Props) {
  const [text, setText] = useState("");
  const running = useRef<string | undefined>(undefined);
  const first = store.picture.line.value[0];
  const isRunning = first !== undefined && store.picture.turn(first).value?.status === "running";
  const connection = store.connection.value;
  const question = store.question.value;

  useEffect(() => {
    const before = running.current;
    running.current = first;
    if (before !== undefined && before !== first) setText(outcome(store, before));
  }, [store, first]);
  useEffect(() => {
    if (isRunning) setText(`${assistant} is answering`);
  }, [assistant, isRunning]);
  useEffect(() => {
    if (question) setText(`Question: ${answerIn(question.content)}`);
  }, [question]);
  useEffect(() => {
    if (connection === "reconnecting") setText("Reconnecting");
  }, [connection]);

  return (
    <div class="visually-hidden" role="status">
      {text}
    </div>
  );
}

function outcome(store: Store, id: string): string {
  const turn = store.picture.turn(id).peek();
  switch (turn?.status) {
    case "stopped":
      return "Stopped";
    case "done":
    case "failed":
      return answerIn(answerOf(store, turn.items));
    default:
      return "";
  }
}

function answerIn(markdown: string): string {
  const text = markdown.replace(/[*`#]+/g, "");
  if (text.length <= MOST_READ_CHARS) return text;
  return `Answer ready, ${text.split(/\s+/).length} words`;
}

function answerOf(store: Store, items: readonly string[]): string {
  return items
    .map((id) => store.picture.item(id).peek()?.item)
    .filter((item) => item?.kind === "message" && item.type !== "user_message")
    .map((item) => item?.content)
    .join("\n");
}
