/** Chooses files to import. */
import { Upload } from "lucide-react";
import { useRef } from "react";
import { testIds } from "../testIds";
import { Button } from "../ui/Button";

export function ImportButton({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button large onClick={() => input.current?.click()}>
        <Upload size={16} />
        Import
      </Button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        multiple
        hidden
        data-testid={testIds.importFile}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}
