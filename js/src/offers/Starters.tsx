import { namedIcon } from "../icons/NamedIcon.tsx";
import type { StarterGroup, StarterOffer } from "../protocol.ts";
import type { Store } from "../store.ts";
import { focusComposer } from "../view/Composer.tsx";
import { Prose } from "../view/Prose.tsx";
import { isUnsaid, offersOf } from "./offersOf.ts";

/** While the user has said nothing: what the chosen profile is for, and messages to begin with. */
export function Starters({ store }: { store: Store }) {
  const { starters, profiles, profile } = offersOf(store);
  const about = profiles.find(({ name }) => name === profile)?.description;
  const groups = starters.filter((group) => group.starters.length > 0);
  if (!store.isWritable.value || !isUnsaid(store) || !(about || groups.length > 0)) return null;
  return (
    <section class="starters" aria-label="Suggestions">
      {about && (
        <div class="profile-about">
          <Prose store={store} content={about} edition={0} streaming={false} />
        </div>
      )}
      {groups.map((group) => (
        <Group key={group.label} store={store} group={group} />
      ))}
    </section>
  );
}

function Group({ store, group: { label, icon, starters } }: { store: Store; group: StarterGroup }) {
  return (
    <div class="starter-group">
      {label && (
        <h3 dir="auto">
          {namedIcon(icon)}
          {label}
        </h3>
      )}
      <ul>
        {starters.map((starter) => (
          <li key={starter.label}>
            <Card store={store} starter={starter} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Card({
  store,
  starter: { label, message, command, icon },
}: {
  store: Store;
  starter: StarterOffer;
}) {
  const send = (event: { currentTarget: HTMLElement }) => {
    focusComposer(event);
    store.say(message, command ?? store.draft.command.value);
  };
  return (
    <button type="button" class="starter" title={message} onClick={send}>
      {namedIcon(icon)}
      <span dir="auto">{label}</span>
    </button>
  );
}
