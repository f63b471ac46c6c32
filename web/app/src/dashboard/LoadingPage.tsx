/** What stands there until the document is loaded: the frame of the page, and how far it is. */
import type { LoadState } from "@coboard/client";
import styles from "./page.module.css";

export function LoadingPage({ load }: { readonly load: LoadState }) {
  const share = load.bytesTotal ? load.bytes / load.bytesTotal : null;
  return (
    <>
      <div className={styles.header} />
      <div className={styles.toolbar} />
      <main id="main" tabIndex={-1}>
        <div
          className={styles.loading}
          role="progressbar"
          aria-label="Loading the dashboard"
          aria-valuemin={0}
          aria-valuemax={100}
          {...(share === null ? {} : { "aria-valuenow": Math.round(share * 100) })}
        >
          <div style={{ width: share === null ? "30%" : `${share * 100}%` }} />
        </div>
      </main>
    </>
  );
}
