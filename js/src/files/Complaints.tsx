import { focusComposer } from "../view/Composer.tsx";
import { CloseIcon } from "../view/icons.tsx";
import type { Uploads } from "./Uploads.ts";

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
