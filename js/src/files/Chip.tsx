import { sizeOf } from "../elements/sizeOf.ts";
import { CloseIcon } from "../view/icons.tsx";
import { FileMark } from "./FileMark.tsx";
import type { Upload } from "./Uploads.ts";

interface Props {
  readonly name: string;
  /** Nothing for a file that came back with its message: the kernel has it. */
  readonly upload: Upload | undefined;
  readonly onRetry: () => void;
  readonly onRemove: (event: { currentTarget: HTMLElement }) => void;
}

/** A file that is not sent yet, and how far it is on its way. */
export function Chip({ name, upload, onRetry, onRemove }: Props) {
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
