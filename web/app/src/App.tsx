/** Providers and routes. */
import { CoboardProvider } from "@coboard/react";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { lazy, Suspense, useEffect, useState } from "react";
import { Route, Switch } from "wouter";
import { client } from "./client";
import { forgetLink, personInLink } from "./identity/identity";
import { ListPage } from "./list/ListPage";
import { colorSchemeManager, cssVariablesResolver, theme } from "./theme/mantine";
import { LiveRegions } from "./ui/LiveRegions";
import { NotFound } from "./ui/NotFound";

const DashboardRoute = lazy(() => import("./dashboard/DashboardRoute"));
const BecomeDialog = lazy(() => import("./identity/BecomeDialog"));

/** An address that was made on another device of the same person, or of somebody else. */
function FromLink() {
  const [person] = useState(() => personInLink());
  useEffect(() => {
    if (!person) forgetLink();
  }, [person]);
  return person && <BecomeDialog person={person} />;
}

/** No link: the address stays as it is, it is passed on. */
function skip(): void {
  document.getElementById("main")?.focus();
}

export function App() {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
    >
      <CoboardProvider client={client}>
        <button type="button" className="skip-link" onClick={skip}>
          Skip to content
        </button>
        <Suspense fallback={null}>
          <Switch>
            <Route path="/" component={ListPage} />
            <Route path="/d/:id">{({ id }) => <DashboardRoute key={id} id={id} />}</Route>
            <Route component={NotFound} />
          </Switch>
          <FromLink />
        </Suspense>
        <LiveRegions />
        <Notifications position="bottom-right" limit={3} autoClose={4000} containerWidth={360} />
      </CoboardProvider>
    </MantineProvider>
  );
}
