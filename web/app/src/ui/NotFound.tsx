/** An address that leads nowhere. */
import { useLocation } from "wouter";
import { Button } from "./Button";
import { State } from "./State";

export function NotFound() {
  const [, navigate] = useLocation();
  return (
    <main id="main" tabIndex={-1}>
      <State
        title="There is nothing at this address"
        actions={<Button onClick={() => navigate("/")}>All dashboards</Button>}
      />
    </main>
  );
}
