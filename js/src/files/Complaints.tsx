import { DismissButton } from "../view/DismissButton.tsx";
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
      <DismissButton onClick={() => uploads.dismissComplaints(ask)} />
    </div>
  );
}
