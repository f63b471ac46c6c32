/** Chooses files to import. */
import { Upload } from "lucide-react";
import { useRef } from "react";
import { testIds } from "../testIds";
import { Button } from "../ui/Button";

export interface ImportButtonProps {
  readonly onFiles: (files: readonly File[]) => void;
  /** Why nothing can be imported now. */
  readonly disabledBecause: string | null;
}

export function ImportButton({ onFiles, disabledBecause }: ImportButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        large
        disabled={disabledBecause !== null}
        title={disabledBecause ?? undefined}
        onClick={() => input.current?.click()}
      >
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
