import type { FileNames } from "../draft.ts";
import { sizeOf } from "../elements/sizeOf.ts";
import { focusComposer } from "../view/Composer.tsx";
import { CloseIcon } from "../view/icons.tsx";
import { FileMark } from "./FileMark.tsx";
import { fileOf, type Upload, type Uploads } from "./Uploads.ts";

interface ChipsProps {
  readonly label: string;
  readonly uploads: Uploads;
  readonly names: FileNames;
}

/** Files that are not sent yet. */
export function Chips({ label, uploads, names }: ChipsProps) {
  if (names.size === 0) return null;
  return (
    <ul class="chips" aria-label={label}>
      {[...names].map(([id, name]) => (
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

interface ChipProps {
  readonly name: string;
  /** Nothing for a file that came back with its message: the kernel has it. */
  readonly upload: Upload | undefined;
  readonly onRetry: () => void;
  readonly onRemove: (event: { currentTarget: HTMLElement }) => void;
}

/** How far a file is on its way. */
function Chip({ name, upload, onRetry, onRemove }: ChipProps) {
  const isStuck = upload?.state === "stuck";
  const isMoving = upload?.state === "waiting" || upload?.state === "sending";
  return (
    <li class={isStuck ? "chip stuck" : "chip"} data-upload={upload?.state ?? "done"} title={name}>
      <FileMark file={upload?.file} />
      <span class="chip-name" dir="auto">
        {name}
      </span>
      {isStuck ? (
        <button type="button" class="link-button" onClick={onRetry}>
          Try again
        </button>
      ) : (
        <span class="chip-size">{isMoving ? percent(upload) : sizeOf(upload?.file.size ?? null)}</span>
      )}
      <button
        type="button"
        class="icon-button"
        aria-label={`Remove ${name}`}
        title={`Remove ${name}`}
        onClick={onRemove}
      >
        <CloseIcon />
      </button>
      {isMoving && (
        <progress
          class="chip-progress"
          aria-label={`Sending ${name}`}
          value={upload.received}
          max={Math.max(upload.file.size, 1)}
        />
      )}
    </li>
  );
}

function percent({ received, file }: Upload): string {
  return `${Math.floor((100 * received) / Math.max(file.size, 1))} %`;
}
