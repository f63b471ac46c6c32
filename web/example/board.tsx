/** Notes that everybody at one address shares, with cursors, who is here, and whether it is saved. */
import { createClient, type ItemId } from "@coboard/client";
import * as coboard from "@coboard/react";
import { type PointerEvent, useRef } from "react";
import { createRoot } from "react-dom/client";

const name = new URLSearchParams(location.search).get("name") || `Guest${Date.now() % 1000}`;
const user = encodeURIComponent(name).replace(/\W/g, "_").slice(0, 64);
const client = createClient({ url: location.origin, token: `open:${user}:${encodeURIComponent(name)}` });

function Board() {
  const area = useRef<HTMLDivElement>(null);
  const handle = coboard.useDocumentHandle();
  const notes = coboard.useDocument((content: { notes?: { text: string }[] }) => content.notes);
  const sync = coboard.useSyncStatus({ smooth: true });
  const [, tell] = coboard.usePresence();
  const add = coboard.useMutation("add a note", (edit) => edit.insert("@0/notes", { text: "" }), []);
  const point = ({ clientX, clientY, currentTarget }: PointerEvent) => {
    const { left, top, width } = currentTarget.getBoundingClientRect();
    tell({ cursor: { x: (clientX - left) / width, row: clientY - top } });
  };
  if (notes.status !== "ready") return <p role="status">{notes.status}…</p>;
  return (
    <div ref={area} onPointerMove={point} style={{ position: "relative", minHeight: "90vh" }}>
      <h1>A shared board</h1>
      <coboard.AvatarStack />
      <p role="status">{sync.state === "synced" ? "Saved" : sync.state}</p>
      {notes.value?.map((note) => (
        <Note key={handle.itemOf(note)} item={handle.itemOf(note) ?? "0"} text={note.text} />
      ))}
      <button type="button" onClick={add}>
        Add a note
      </button>
      <coboard.Cursors container={area} />
    </div>
  );
}

function Note({ item, text }: { item: ItemId; text: string }) {
  const write = coboard.useMutation("write", (edit, to: string) => edit.set(`@${item}/text`, to), [item]);
  return <textarea aria-label="Note" value={text} onChange={(event) => write(event.target.value)} />;
}

if (location.hash === "") {
  const created = await client.dashboards.import({ title: "A shared board", notes: [] });
  if (created.ok) location.hash = created.value.id;
}
createRoot(document.getElementById("root") ?? document.body).render(
  <coboard.CoboardProvider client={client}>
    <coboard.DocumentProvider id={location.hash.slice(1)}>
      <Board />
    </coboard.DocumentProvider>
  </coboard.CoboardProvider>,
);
