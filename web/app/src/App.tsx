/** Providers and routes. */
import { CoboardProvider } from "@coboard/react";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { client } from "./client";
import { ListPage } from "./list/ListPage";
import { colorSchemeManager, cssVariablesResolver, theme } from "./theme/mantine";
import { LiveRegions } from "./ui/LiveRegions";
import { NotFound } from "./ui/NotFound";

const DashboardRoute = lazy(() => import("./dashboard/DashboardRoute"));

export function App() {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
    >
      <CoboardProvider client={client}>
        <a className="skip-link" href="#main">
          Skip to content
        </a>
        <Suspense fallback={null}>
          <Switch>
            <Route path="/" component={ListPage} />
            <Route path="/d/:id">{({ id }) => <DashboardRoute key={id} id={id} />}</Route>
            <Route component={NotFound} />
          </Switch>
        </Suspense>
        <LiveRegions />
        <Notifications position="bottom-right" limit={3} autoClose={4000} containerWidth={360} />
      </CoboardProvider>
    </MantineProvider>
  );
}
