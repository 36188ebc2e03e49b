import { useRef } from "preact/hooks";
import type { UploadRules } from "../protocol.ts";
import type { Store } from "../store.ts";
import { openQuestion } from "./AskFiles.tsx";
import { Chips } from "./Chips.tsx";
import { Complaints } from "./Complaints.tsx";
import { ClipIcon } from "./icons.tsx";
import { PickButton } from "./PickButton.tsx";
import { isOnItsWay, type Upload, uploadsOf } from "./Uploads.ts";
import { useAskBack } from "./useAskBack.ts";
import { useDrop } from "./useDrop.ts";

interface Props {
  readonly store: Store;
  readonly rules: UploadRules;
}

/** The files that go with the message that is being written: by the button, dropped anywhere on the chat, or pasted. */
export function Attachments({ store, rules }: Props) {
  const uploads = uploadsOf(store);
  const place = useRef<HTMLDivElement>(null);
  const add = (files: readonly File[]) => uploads.add(files, rules);
  useAskBack(store.draft.isUploading.value);
  const isOver = useDrop(place, openQuestion(store) ? undefined : add); // which gets what is dropped, then
  return (
    <>
      <div class="attachments" ref={place}>
        <Complaints uploads={uploads} ask={null} />
        <Chips label="Files of this message" uploads={uploads} names={store.draft.files.value} />
        <div class="visually-hidden" role="status">
          {progressOf(uploads.attached.value)}
        </div>
      </div>
      {isOver && <div class="drop-here">Drop files to add them to the message</div>}
      <PickButton class="icon-button attach" label="Add files" rules={rules} onFiles={add}>
        <ClipIcon />
      </PickButton>
    </>
  );
}

/** For who does not see the bars. */
function progressOf(uploads: readonly Upload[]): string {
  const next = uploads.find(isOnItsWay);
  if (next) return `Sending ${next.file.name}`;
  const count = uploads.length;
  return count === 0 ? "" : count === 1 ? "The file is there" : `${count} files are there`;
}
