import type { OfferedProps } from "../view/Offered.tsx";
import { ProfilePicker } from "./ProfilePicker.tsx";
import { watchPicks } from "./picks.ts";
import { SettingsPanel } from "./SettingsPanel.tsx";
import { Starters } from "./Starters.tsx";
import { Toasts } from "./Toasts.tsx";
import { Tools } from "./Tools.tsx";

/** What is offered, in one of the places that the chat has for it. */
export function Place({ store, place }: OfferedProps) {
  watchPicks(store);
  switch (place) {
    case "header":
      return <ProfilePicker store={store} />;
    case "middle":
      return (
        <>
          <Starters store={store} />
          <Toasts store={store} />
          <SettingsPanel store={store} />
        </>
      );
    case "composer":
      return <Tools store={store} />;
  }
}
