import { useLayoutEffect, useRef } from "preact/hooks";
import type { FileNames } from "../draft.ts";
import { sizeOf } from "../elements/sizeOf.ts";
import type { AskItem } from "../protocol.ts";
import type { Store } from "../store.ts";
import { focusComposer } from "../view/Composer.tsx";
import { Chips } from "./Chips.tsx";
import { Complaints } from "./Complaints.tsx";
import { PickButton } from "./PickButton.tsx";
import { isAny, MEGABYTE } from "./rules.ts";
import { isOnItsWay, type Upload, uploadsOf } from "./Uploads.ts";
import { useAskBack } from "./useAskBack.ts";
import { useDrop } from "./useDrop.ts";

interface Props {
  readonly store: Store;
  readonly ask: AskItem;
}

/** Below a question: the place for the files that it asks for. A single file answers as soon as it is there. */
export function AskFiles({ store, ask }: Props) {
  const uploads = uploadsOf(store);
  const place = useRef<HTMLDivElement>(null);
  const files = uploads.answering(ask.id);
  const isReady = files.length > 0 && !files.some(isOnItsWay);
  const isSent = store.asked.value.some((each) => each.type === "answer" && each.ask === ask.id);
  const add = (given: readonly File[]) => uploads.add(given, ask, ask.id);
  useAskBack(files.some(isOnItsWay));
  const isOver = useDrop(place, openQuestion(store)?.id === ask.id ? add : undefined);
  const isWhole = isReady && ask.max_files === 1;

  // Before it is drawn: where the answer is not taken, there is a button to send it again.
  useLayoutEffect(() => {
    if (isWhole) answer(store, ask, files);
  }, [store, ask.id, isWhole]);

  return (
    <div class={isOver ? "ask-files over" : "ask-files"} data-ask={ask.id} data-chat-chrome ref={place}>
      <Chips label="Files to answer with" uploads={uploads} names={namesOf(files)} />
      <Complaints uploads={uploads} ask={ask.id} />
      <div class="ask-files-row">
        {files.length < ask.max_files && (
          <PickButton class="text-button" label={chooseLabel(ask)} rules={ask} onFiles={add}>
            {chooseLabel(ask)}
          </PickButton>
        )}
        {(ask.max_files > 1 || (isReady && !isSent)) && (
          <button
            type="button"
            class="text-button send-files"
            disabled={!isReady || isSent || !store.isWritable.value}
            onClick={(event) => {
              focusComposer(event);
              answer(store, ask, files);
            }}
          >
            Send
          </button>
        )}
        <span class="ask-files-rules">{rulesOf(ask)}</span>
      </div>
      <div class="visually-hidden" role="status">
        {isReady ? "The files are there" : files.length > 0 ? "Sending files" : ""}
      </div>
    </div>
  );
}

/** The question for files that gets what is dropped on the chat: the oldest that waits. */
export function openQuestion(store: Store): AskItem | undefined {
  const items = store.picture.asks.value.map((id) => store.picture.item(id).value?.item);
  return items.filter((item) => item?.kind === "ask").find(({ type }) => type === "file");
}

function answer(store: Store, { id }: AskItem, uploads: readonly Upload[]): void {
  const { epoch } = store;
  const files = uploads.map((upload) => upload.id);
  const isTaken = () => store.epoch !== epoch || store.picture.transcript?.item(id) === undefined;
  store.ask({ type: "answer", ask: id, epoch, files, values: null }, isTaken);
}

function namesOf(uploads: readonly Upload[]): FileNames {
  return new Map(uploads.map(({ id, file }) => [id, file.name]));
}

function chooseLabel({ max_files }: AskItem): string {
  return max_files === 1 ? "Choose a file" : "Choose files";
}

function rulesOf({ accept, max_files, max_size_mb }: AskItem): string {
  const kinds = accept.some(isAny) ? [] : [accept.join(", ")];
  const count = max_files === 1 ? [] : [`up to ${max_files} files`];
  return ["or drop here", ...kinds, ...count, `${sizeOf(max_size_mb * MEGABYTE)} at most`].join(" · ");
}
