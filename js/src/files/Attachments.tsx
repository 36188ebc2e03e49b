import { useRef } from "preact/hooks";
import type { UploadRules } from "../protocol.ts";
import type { Store } from "../store.ts";
import { focusComposer } from "../view/Composer.tsx";
import { CloseIcon } from "../view/icons.tsx";
import { Chip } from "./Chip.tsx";
import { ClipIcon } from "./icons.tsx";
import { PickButton } from "./PickButton.tsx";
import { fileOf, isOnItsWay, type Upload, type Uploads, uploadsOf } from "./Uploads.ts";
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
  const isOver = useDrop(place, ".chat", add);
  return (
    <>
      <div class="attachments" ref={place}>
        <Complaints uploads={uploads} ask={null} />
        <Chips store={store} uploads={uploads} />
        {isOver && <div class="drop-here">Drop files to add them to the message</div>}
        <div class="visually-hidden" role="status">
          {progressOf(uploads.attached.value)}
        </div>
      </div>
      <PickButton class="icon-button attach" label="Add files" rules={rules} onFiles={add}>
        <ClipIcon />
      </PickButton>
    </>
  );
}

function Chips({ store, uploads }: { store: Store; uploads: Uploads }) {
  const files = [...store.draft.files.value];
  if (files.length === 0) return null;
  return (
    <ul class="chips" aria-label="Files of this message">
      {files.map(([id, name]) => (
        <Chip
          key={id}
          name={name}
          upload={uploads.find(fileOf(id))}
          onRetry={() => uploads.retry()}
          onRemove={(event) => {
            focusComposer(event);
            uploads.remove(id);
          }}
        />
      ))}
    </ul>
  );
}

/** What was not taken, and why. */
export function Complaints({ uploads, ask }: { uploads: Uploads; ask: string | null }) {
  const complaints = uploads.complaints(ask);
  if (complaints.length === 0) return null;
  return (
    <div class="complaints" role="alert">
      <div class="complaint-texts" dir="auto">
        {complaints.map(({ text }, index) => (
          <div key={index}>{text}</div>
        ))}
      </div>
      <button
        type="button"
        class="icon-button"
        aria-label="Dismiss"
        title="Dismiss"
        onClick={(event) => {
          focusComposer(event);
          uploads.dismissComplaints(ask);
        }}
      >
        <CloseIcon />
      </button>
    </div>
  );
}

/** For who does not see the bars. */
function progressOf(uploads: readonly Upload[]): string {
  const next = uploads.find(isOnItsWay);
  if (next) return `Sending ${next.file.name}`;
  const count = uploads.length;
  return count === 0 ? "" : count === 1 ? "The file is there" : `${count} files are there`;
}
